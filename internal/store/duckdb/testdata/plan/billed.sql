SELECT t.topic_name AS k0, count(*)
FROM billed_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [1772323200000 1775001600000]
