-- The question of the standard subject-leader-in-reach as one would write it for the database
-- alone: holders, teachers and leaders from elsewhere by school, stage and core subject.
-- :holders stands for the statement that names who holds a title that counts on 1 September
-- 2026. No ring of parent schools is thought of.
WITH RECURSIVE
holder AS MATERIALIZED (SELECT DISTINCT teacher_id FROM (:holders)),
open_post AS (
    SELECT *, row_number() OVER (
        PARTITION BY teacher_id
        ORDER BY attachment <> 'home', coalesce(starts_on, '0001-01-01') DESC, id DESC
    ) AS n
    FROM post
    WHERE (starts_on IS NULL OR starts_on <= '2026-09-01')
      AND (ends_on IS NULL OR ends_on >= '2026-09-01')
      AND status IN ('100', '101')
),
staff AS MATERIALIZED (
    SELECT teacher_id, school_id, stage, subject, is_full_time_teacher AS full_time,
           teacher_id IN holder AS holds
    FROM open_post WHERE n = 1
),
leader AS MATERIALIZED (
    SELECT teacher_id, school_id, stage, subject FROM staff
    WHERE holds AND subject IN ('chinese', 'mathematics', 'english')
    UNION ALL
    SELECT teacher_id, NULL, stage, subject FROM (
        SELECT teacher_id, stage, subject, status, row_number() OVER (
            PARTITION BY teacher_id
            ORDER BY attachment <> 'home', coalesce(starts_on, '0001-01-01') DESC, id DESC
        ) AS n
        FROM post
        WHERE (starts_on IS NULL OR starts_on <= '2026-09-01')
          AND (ends_on IS NULL OR ends_on >= '2026-09-01')
          AND teacher_id IN holder
    )
    WHERE n = 1 AND status NOT LIKE '3%' AND subject IN ('chinese', 'mathematics', 'english')
      AND teacher_id NOT IN (SELECT teacher_id FROM staff WHERE holds)
),
headed (school_id, head_id) AS (
    SELECT id, id FROM school WHERE parent_school_id IS NULL
    UNION ALL
    SELECT school.id, headed.head_id
    FROM headed JOIN school ON school.parent_school_id = headed.school_id
),
near AS (
    SELECT leader.*, to_school_id AS at_id, NULL AS only_stage
    FROM leader JOIN rotation USING (teacher_id)
    WHERE starts_on <= '2026-09-01' AND (ends_on IS NULL OR ends_on >= '2026-09-01')
    UNION
    SELECT leader.*, open_post.school_id, NULL
    FROM leader JOIN open_post USING (teacher_id) WHERE attachment = 'visiting'
    UNION
    SELECT leader.*, other.school_id, leader.stage
    FROM leader
    JOIN headed AS own ON own.school_id = leader.school_id
    JOIN headed AS other ON other.head_id = own.head_id AND other.school_id <> own.school_id
),
learner AS (
    SELECT DISTINCT school_id, stage, subject FROM staff
    WHERE full_time AND NOT holds AND stage IN ('primary', 'junior')
      AND subject IN ('chinese', 'mathematics', 'english')
),
reached AS (
    SELECT leader.teacher_id, staff.school_id, staff.subject, staff.stage
    FROM leader
    JOIN mentoring ON mentoring.teacher_id = leader.teacher_id
    JOIN staff ON staff.teacher_id = mentoring.mentee_id
    WHERE mentoring.starts_on <= '2026-09-01'
      AND (mentoring.ends_on IS NULL OR mentoring.ends_on >= '2026-09-01')
      AND full_time AND NOT holds AND staff.stage IN ('primary', 'junior')
      AND staff.subject = leader.subject
      AND (leader.school_id IS NOT staff.school_id OR leader.stage IS NOT staff.stage)
    UNION
    SELECT near.teacher_id, near.at_id, near.subject, learner.stage
    FROM near
    JOIN learner ON learner.school_id = near.at_id AND learner.subject = near.subject
    WHERE (only_stage IS NULL OR only_stage = learner.stage)
      AND (near.school_id IS NOT learner.school_id OR near.stage IS NOT learner.stage)
),
fact AS (
    SELECT school_id, stage, subject, sum(full_time) AS teachers, sum(holds) AS holders,
           0 AS leaders
    FROM staff
    WHERE stage IN ('primary', 'junior') AND subject IN ('chinese', 'mathematics', 'english')
    GROUP BY school_id, stage, subject
    UNION ALL
    SELECT school_id, stage, subject, 0, 0, count(*) FROM (
        SELECT teacher_id, school_id, subject, min(stage) AS stage FROM reached
        GROUP BY teacher_id, school_id, subject
    )
    GROUP BY school_id, stage, subject
),
counts AS (
    SELECT school_id, stage, subject, sum(teachers) AS teachers, sum(holders) AS holders,
           sum(leaders) AS leaders
    FROM fact GROUP BY school_id, stage, subject
),
newest AS (
    SELECT school_id, max(school_year) AS school_year FROM enrolment
    WHERE school_year <= '2026-2027' GROUP BY school_id
)
SELECT county.name, school.id, school.name, school.code, school.school_type, school.township,
       school.locality, counts.stage, counts.subject, enrolment.students, teachers, holders,
       leaders
FROM counts
JOIN school ON school.id = counts.school_id
JOIN county ON county.code = school.county_code
LEFT JOIN newest ON newest.school_id = school.id
LEFT JOIN enrolment ON enrolment.school_id = school.id
    AND enrolment.school_year = newest.school_year AND enrolment.stage = counts.stage
