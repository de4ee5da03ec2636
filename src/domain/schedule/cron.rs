//! A whole cron expression: five fields or one of the names for them. What it means in time is in `next`, in words in
//! `words`.

use super::field::{DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH, Set};
use crate::domain::problem::{Problem, Problems};

/// Longest expression, in characters: all minutes of the hour written out leave room for the other fields.
const MAX: usize = 200;

/// Names for expressions, as robfig/cron has them: lower case only.
const NAMED: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// An expression that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cron {
    pub(super) minute: Set,
    pub(super) hour: Set,
    pub(super) day_of_month: Set,
    pub(super) month: Set,
    pub(super) day_of_week: Set,
}

impl Cron {
    /// Reads an expression; all its problems at once, each of the form field `cron`.
    pub(super) fn parse(typed: &str) -> Result<Self, Problems> {
        let typed = typed.trim();
        let count = typed.chars().count();
        if typed.is_empty() {
            return refuse("required", "Enter a schedule of five fields, such as 0 * * * * for every hour.".into());
        }
        if count > MAX {
            return refuse("cron_too_long", format!("The schedule has {count} characters; at most {MAX} are allowed."));
        }
        if typed.starts_with("TZ=") || typed.starts_with("CRON_TZ=") {
            let message = "A time zone can't stand inside the schedule: leave TZ= out and choose the time zone in its own field.";
            return refuse("cron_time_zone", message.into());
        }
        let expression = if typed.starts_with('@') { named(typed)? } else { typed };
        Self::fields(&expression.split_whitespace().collect::<Vec<_>>())
    }

    fn fields(fields: &[&str]) -> Result<Self, Problems> {
        let [minute, hour, day_of_month, month, day_of_week] = fields else { return refuse_count(fields.len()) };
        let mut problems = Problems::default();
        let cron = Self {
            minute: MINUTE.read(minute, &mut problems),
            hour: HOUR.read(hour, &mut problems),
            day_of_month: DAY_OF_MONTH.read(day_of_month, &mut problems),
            month: MONTH.read(month, &mut problems),
            day_of_week: DAY_OF_WEEK.read(day_of_week, &mut problems),
        };
        if problems.is_empty() { Ok(cron) } else { Err(problems) }
    }

    /// Day of month and day of week must both match where one of them is open, else one is enough.
    pub(super) fn either_day(&self) -> bool {
        !self.day_of_month.is_open && !self.day_of_week.is_open
    }
}

fn named(typed: &str) -> Result<&'static str, Problem> {
    if let Some((_, expression)) = NAMED.iter().find(|(name, _)| *name == typed) {
        return Ok(expression);
    }
    let (code, message) = match typed.split_whitespace().next().unwrap_or_default() {
        "@every" => (
            "cron_every",
            "@every counts from when the task was made, so its runs have no times: write */5 * * * * for every five minutes.".into(),
        ),
        "@reboot" => {
            ("cron_reboot", "@reboot has no meaning on a cluster: write when the task runs, such as 0 * * * * for every hour.".into())
        }
        _ => {
            let known = "@hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually";
            ("cron_name_unknown", format!("{typed:?} is not known: use one of {known}, or five fields such as 0 * * * *."))
        }
    };
    Err(Problem::new("cron", code, message))
}

fn refuse<T>(code: &'static str, message: String) -> Result<T, Problems> {
    Err(Problems::one("cron", code, message))
}

fn refuse_count<T>(count: usize) -> Result<T, Problems> {
    const FIVE: &str = "minute, hour, day of month, month, day of week";
    match count {
        6 => refuse("cron_seconds", format!("The schedule has six fields, but Kubernetes knows no seconds: write five ({FIVE}).")),
        1 => refuse("cron_fields", format!("The schedule has one field: write five ({FIVE}), such as 0 * * * * for every hour.")),
        _ => refuse("cron_fields", format!("The schedule has {count} fields: write five ({FIVE}), such as 0 * * * * for every hour.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(typed: &str) -> String {
        let problems = Cron::parse(typed).unwrap_err();
        problems.0.into_iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect::<Vec<_>>().join("\n")
    }

    /// From robfig/cron's TestParseSchedule and parseDescriptor.
    #[test]
    fn names_stand_for_expressions() {
        for (name, expression) in NAMED {
            let cron = Cron::parse(name).unwrap();
            assert_eq!(Some(cron), Cron::parse(expression).ok(), "{name}");
            assert!(!cron.either_day(), "{name}");
        }
        let (cron, spaced) = (Cron::parse("5 * * * *").unwrap(), Cron::parse(" 5\t*  ? * ?\n").unwrap());
        assert_eq!(cron, spaced);
    }

    #[test]
    fn what_kubernetes_does_not_read_has_its_own_sentence() {
        let all = ["", " ", "@every 5m", "@reboot", "@Hourly", "@unrecognized", "TZ=UTC 5 * * * *", "CRON_TZ=Asia/Tokyo  @midnight"];
        insta::assert_snapshot!(all.map(sentences).join("\n"), @r#"
        required: Enter a schedule of five fields, such as 0 * * * * for every hour.
        required: Enter a schedule of five fields, such as 0 * * * * for every hour.
        cron_every: @every counts from when the task was made, so its runs have no times: write */5 * * * * for every five minutes.
        cron_reboot: @reboot has no meaning on a cluster: write when the task runs, such as 0 * * * * for every hour.
        cron_name_unknown: "@Hourly" is not known: use one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, or five fields such as 0 * * * *.
        cron_name_unknown: "@unrecognized" is not known: use one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, or five fields such as 0 * * * *.
        cron_time_zone: A time zone can't stand inside the schedule: leave TZ= out and choose the time zone in its own field.
        cron_time_zone: A time zone can't stand inside the schedule: leave TZ= out and choose the time zone in its own field.
        "#);
        let all = ["xyz", "* * * *", "0 */5 * * * *", "0 0 0 1 1 ? 2030", &"1,".repeat(101)];
        insta::assert_snapshot!(all.map(sentences).join("\n"), @r"
        cron_fields: The schedule has one field: write five (minute, hour, day of month, month, day of week), such as 0 * * * * for every hour.
        cron_fields: The schedule has 4 fields: write five (minute, hour, day of month, month, day of week), such as 0 * * * * for every hour.
        cron_seconds: The schedule has six fields, but Kubernetes knows no seconds: write five (minute, hour, day of month, month, day of week).
        cron_fields: The schedule has 7 fields: write five (minute, hour, day of month, month, day of week), such as 0 * * * * for every hour.
        cron_too_long: The schedule has 202 characters; at most 200 are allowed.
        ");
    }

    #[test]
    fn all_wrong_fields_are_told_at_once() {
        insta::assert_snapshot!(sentences("60 24 32 13 7"), @r#"
        cron_out_of_range: In the minute field, "60" is out of range: use 0 to 59.
        cron_out_of_range: In the hour field, "24" is out of range: use 0 to 23.
        cron_out_of_range: In the day of month field, "32" is out of range: use 1 to 31.
        cron_out_of_range: In the month field, "13" is out of range: use 1 to 12 or JAN to DEC.
        cron_sunday: In the day of week field, "7" counts Sunday as 7, which Kubernetes doesn't: days go from 0 (Sunday) to 6 (Saturday), so write 0 or SUN.
        "#);
    }
}
