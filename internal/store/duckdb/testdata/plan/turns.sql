SELECT CASE WHEN t.turns < ? THEN 0 WHEN t.turns < ? THEN 1 WHEN t.turns < ? THEN 2 ELSE 3 END AS k0, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [2 5 10 1772323200000 1775001600000]
