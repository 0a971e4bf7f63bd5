SELECT (12 * (year((DATE '1970-01-01' + CAST(((t.started_at + 3600000) // 86400000) AS INTEGER))) - 1970) + month((DATE '1970-01-01' + CAST(((t.started_at + 3600000) // 86400000) AS INTEGER))) - 1) AS k0, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [1772323200000 1775001600000]
