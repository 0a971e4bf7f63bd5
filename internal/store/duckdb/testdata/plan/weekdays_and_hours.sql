SELECT ((t.started_at // 86400000) + 4 - 7 * (((t.started_at // 86400000) + 3) // 7)) AS k0, ((t.started_at // 3600000) - 24 * (t.started_at // 86400000)) AS k1, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1, 2
ORDER BY 1, 2;
-- [1772323200000 1775001600000]
