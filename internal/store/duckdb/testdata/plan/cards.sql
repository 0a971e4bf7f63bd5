SELECT count(*), count(*) FILTER (WHERE t.engaged), count(*) FILTER (WHERE (t.engaged AND t.closes_at <= ? AND t.outcome = CAST(? AS UTINYINT))), count(*) FILTER (WHERE (t.engaged AND t.closes_at <= ? AND t.outcome IN (CAST(? AS UTINYINT), CAST(? AS UTINYINT)))), CAST(coalesce(sum(t.csat) FILTER (WHERE t.csat >= ?), 0) AS BIGINT), CAST(coalesce(sum(t.csat * t.csat), 0) AS BIGINT), CAST(coalesce(sum(t.answered) + sum(t.not_answered) + sum(t.answer_else), 0) AS BIGINT)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND (t.kind = CAST(? AS UTINYINT) AND t.bot IN (?, ?));
-- [1774742400000 1 1774742400000 2 3 1 1772323200000 1774742400001 0 a b]
