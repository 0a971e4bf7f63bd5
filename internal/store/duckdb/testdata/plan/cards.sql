SELECT CAST(coalesce(sum(t.n), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE t.engaged), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE (t.engaged AND t.c0 AND t.outcome = CAST(? AS UTINYINT))), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE (t.engaged AND t.c0 AND t.outcome IN (CAST(? AS UTINYINT), CAST(? AS UTINYINT)))), 0) AS BIGINT), CAST(coalesce(sum(t.s0) FILTER (WHERE t.csat >= ?), 0) AS BIGINT), CAST(coalesce(sum(t.s1), 0) AS BIGINT), CAST(coalesce(sum(t.s2) + sum(t.s3) + sum(t.s4), 0) AS BIGINT)
FROM (SELECT t.engaged, t.outcome, t.csat, (t.closes_at <= ?) AS c0, sum(t.csat) AS s0, sum(t.csat * t.csat) AS s1, sum(t.answered) AS s2, sum(t.not_answered) AS s3, sum(t.answer_else) AS s4, count(*) AS n
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND (t.kind = CAST(? AS UTINYINT) AND t.bot IN (?, ?))
GROUP BY ALL) AS t;
-- [1 2 3 1 1774742400000 1772323200000 1774742400001 0 a b]
