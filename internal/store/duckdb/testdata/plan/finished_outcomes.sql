SELECT CASE WHEN t.closes_at <= ? THEN CAST(t.outcome AS BIGINT) ELSE ? END AS k0, count(*)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND (CASE WHEN t.turns < ? THEN 0 ELSE 1 END) IN (?, ?)
GROUP BY 1
ORDER BY 1;
-- [1774742400000 -1 1772323200000 1774742400001 5 0 2]
