SELECT (((t.started_at + -12600000) // 3600000) * 172800000 - -12600000) AS k0, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [1772323200000 1775001600000]
