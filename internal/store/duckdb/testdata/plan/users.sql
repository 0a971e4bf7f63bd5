SELECT t.channel AS k0, count(DISTINCT t.user_key) FILTER (WHERE NOT t.user_key = ?), count(DISTINCT t.channel) FILTER (WHERE NOT t.channel = ?)
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
GROUP BY 1
ORDER BY 1;
-- [0  1772323200000 1775001600000]
WITH pair AS (SELECT DISTINCT t.channel AS k0, t.user_key AS who, t.conversation_key AS per
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND t.engaged),
back AS (SELECT k0, who FROM pair WHERE who <> 0 GROUP BY ALL HAVING count(*) > 1)
SELECT k0, count(*) FROM back
GROUP BY 1;
-- [1772323200000 1775001600000]
WITH pair AS (SELECT DISTINCT t.channel AS k0, t.user_key AS who, t.conversation_key AS per
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed),
back AS (SELECT k0, who FROM pair WHERE who <> 0 GROUP BY ALL HAVING count(*) > 1)
SELECT k0, count(DISTINCT per) FROM pair JOIN back USING (k0, who)
GROUP BY 1;
-- [1772323200000 1775001600000]
