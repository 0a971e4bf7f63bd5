SELECT ((t.started_at + CASE WHEN t.started_at < 1774746000000 THEN 3600000 ELSE 7200000 END) // 86400000) AS k0, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [1772323200000 1775001600000]
