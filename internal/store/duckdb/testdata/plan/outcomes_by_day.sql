SELECT t.k0, CAST(coalesce(sum(t.n) FILTER (WHERE (t.engaged AND t.c0)), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE (t.engaged AND t.c0 AND t.outcome = CAST(? AS UTINYINT))), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE (t.engaged AND t.c0 AND t.outcome = CAST(? AS UTINYINT))), 0) AS BIGINT), CAST(coalesce(sum(t.n) FILTER (WHERE (t.started_by = CAST(? AS UTINYINT) OR t.c1)), 0) AS BIGINT)
FROM (SELECT ((t.started_at + CASE WHEN t.started_at < 1774746000000 THEN 3600000 ELSE 7200000 END) // 86400000) AS k0, t.engaged, t.outcome, t.started_by, (t.closes_at <= ?) AS c0, (t.user_messages >= ?) AS c1, count(*) AS n
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY ALL) AS t
GROUP BY 1
ORDER BY 1;
-- [1 2 1 1774742400000 1 1772323200000 1774742400001]
