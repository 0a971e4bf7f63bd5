SELECT CAST(coalesce(sum(n), 0) AS BIGINT), max(hour) FILTER (WHERE upto >= ?) * 3600000
FROM (SELECT hour, n, sum(n) OVER (ORDER BY hour DESC) AS upto
FROM (SELECT t.started_at // 3600000 AS hour, count(*) AS n
FROM utterance_1 AS t
WHERE EXISTS (SELECT 1 FROM session_1 AS s
WHERE s.started_at >= ? AND s.started_at < ? AND NOT s.untimed
  AND s.channel = ? AND s.conversation_key = t.conversation_key AND s.number = t.number)
  AND t.started_at >= ? AND t.started_at < ?
  AND t.source = CAST(? AS UTINYINT)
  AND t.recognition IN (CAST(? AS UTINYINT), CAST(? AS UTINYINT))
  AND contains(t.folded, ?)
  AND t.conversation_key = ?
GROUP BY hour));
-- [100000 1774742400000 1774828800000 msteams 1774742400000 1774828800000 0 1 2 no 9]
