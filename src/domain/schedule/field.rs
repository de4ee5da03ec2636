//! One field of a cron expression: which numbers it names. The grammar is that of robfig/cron v3, which Kubernetes reads
//! with; what that reads otherwise than it looks (`*-5`, `1,,2`) is refused, so that nothing here means two things.

use crate::domain::problem::{Problem, Problems};

/// The numbers a field names, all below 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    bits: u64,
    /// The field was left open (`*`, `?` or `*/1`, alone or in a list). Days of the month and of the week must both match
    /// where one of them is open; else one is enough.
    pub(super) is_open: bool,
}

impl Set {
    /// `first`, `first + step`, ... up to `last`.
    fn every(first: u8, last: u8, step: u32) -> Self {
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        Self { bits: (first..=last).step_by(step).fold(0, |bits, number| bits | 1 << number), is_open: false }
    }

    fn union(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, is_open: self.is_open || other.is_open }
    }

    pub(super) fn contains(self, number: i8) -> bool {
        (0..64).contains(&number) && self.bits & (1 << number) != 0
    }

    /// The lowest number that is not below this one.
    pub(super) fn from(self, number: i8) -> Option<i8> {
        (number.max(0)..64).find(|candidate| self.contains(*candidate))
    }

    /// All numbers, rising.
    pub(super) fn numbers(self) -> Vec<i8> {
        (0..64).filter(|number| self.contains(*number)).collect()
    }
}

/// One of the five fields.
pub(super) struct Field {
    /// As sentences call it.
    pub(super) name: &'static str,
    min: u8,
    max: u8,
    /// What stands for `min`, `min + 1`, ...; read without regard to case.
    names: &'static [&'static str],
    allowed: &'static str,
}

pub(super) const MINUTE: Field = Field { name: "minute", min: 0, max: 59, names: &[], allowed: "0 to 59" };
pub(super) const HOUR: Field = Field { name: "hour", min: 0, max: 23, names: &[], allowed: "0 to 23" };
pub(super) const DAY_OF_MONTH: Field = Field { name: "day of month", min: 1, max: 31, names: &[], allowed: "1 to 31" };
pub(super) const MONTH: Field = Field {
    name: "month",
    min: 1,
    max: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    allowed: "1 to 12 or JAN to DEC",
};
pub(super) const DAY_OF_WEEK: Field = Field {
    name: "day of week",
    min: 0,
    max: 6,
    names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    allowed: "0 (Sunday) to 6 (Saturday) or SUN to SAT",
};

impl Field {
    /// The numbers that a text names; every item that is wrong becomes a problem of the form field `cron`.
    pub(super) fn read(&self, text: &str, problems: &mut Problems) -> Set {
        text.split(',').filter_map(|item| problems.keep(self.item(item))).fold(Set::default(), Set::union)
    }

    /// All numbers of the field.
    pub(super) fn is_full(&self, set: Set) -> bool {
        set.bits == Set::every(self.min, self.max, 1).bits
    }

    /// `*`, `5`, `1-5`, and each with `/step`.
    fn item(&self, item: &str) -> Result<Set, Problem> {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        if matches!(range, "*" | "?") {
            let step = self.step(step, item)?;
            return Ok(Set { is_open: step == 1, ..Set::every(self.min, self.max, step) });
        }
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (self.number(first, item)?, self.number(last, item)?),
            // A step after a single number goes on to the end: `5/15` is `5-59/15`.
            None if step.is_some() => (self.number(range, item)?, self.max),
            None => (self.number(range, item)?, self.number(range, item)?),
        };
        let step = self.step(step, item)?;
        if first > last { Err(self.backwards(item, first, last)) } else { Ok(Set::every(first, last, step)) }
    }

    fn step(&self, typed: Option<&str>, item: &str) -> Result<u32, Problem> {
        let Some(typed) = typed else { return Ok(1) };
        let step = typed.parse().ok().filter(|step| *step > 0 && is_digits(typed));
        step.ok_or_else(|| self.problem("cron_step", item, "needs a whole number from 1 after the slash, such as */5"))
    }

    fn number(&self, typed: &str, item: &str) -> Result<u8, Problem> {
        if let Some(index) = self.names.iter().position(|name| name.eq_ignore_ascii_case(typed)) {
            return Ok((self.min..=self.max).nth(index).unwrap_or(self.max));
        }
        if !is_digits(typed) {
            return Err(self.not_understood(item));
        }
        match typed.parse().ok().filter(|number| (self.min..=self.max).contains(number)) {
            Some(number) => Ok(number),
            None if self.name == DAY_OF_WEEK.name && typed == "7" => {
                let what = "counts Sunday as 7, which Kubernetes doesn't: days go from 0 (Sunday) to 6 (Saturday), so write 0 or SUN";
                Err(self.problem("cron_sunday", item, what))
            }
            None => Err(self.problem("cron_out_of_range", item, &format!("is out of range: use {}", self.allowed))),
        }
    }

    fn not_understood(&self, item: &str) -> Problem {
        let unknown =
            |what: &str| self.problem("cron_not_kubernetes", item, &format!("{what}, which Kubernetes doesn't know: use {}", self.allowed));
        let typed = item.to_ascii_uppercase();
        let names_days = [DAY_OF_MONTH.name, DAY_OF_WEEK.name].contains(&self.name);
        match typed.as_str() {
            "" => {
                let what = "a number is missing beside a comma: write one comma between two numbers, and none at the end";
                Problem::new("cron", "cron_item", format!("In the {} field, {what}.", self.name))
            }
            _ if names_days && typed.contains('#') => unknown("asks for the nth weekday of a month (#)"),
            _ if names_days && typed.ends_with('W') => unknown("asks for the nearest working day (W)"),
            _ if names_days && (typed.ends_with('L') || typed.starts_with("L-")) => unknown("asks for the last day (L)"),
            _ => {
                let what = format!("is not understood: use {}, alone or in a list (1,3), a range (1-3) or a step (*/2)", self.allowed);
                self.problem("cron_item", item, &what)
            }
        }
    }

    fn backwards(&self, item: &str, first: u8, last: u8) -> Problem {
        let span = |from: u8, to: u8| if from == to { from.to_string() } else { format!("{from}-{to}") };
        let over_the_end = format!("{},{}", span(first, self.max), span(self.min, last));
        self.problem(
            "cron_backwards",
            item,
            &format!("runs backwards: put the lower number first, or write {over_the_end} to go over the end"),
        )
    }

    fn problem(&self, code: &'static str, item: &str, what: &str) -> Problem {
        Problem::new("cron", code, format!("In the {} field, {item:?} {what}.", self.name))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(field: &Field, text: &str) -> Vec<i8> {
        let mut problems = Problems::default();
        let set = field.read(text, &mut problems);
        assert_eq!(problems, Problems::default(), "{text}");
        set.numbers()
    }

    fn sentences(field: &Field, text: &str) -> String {
        let mut problems = Problems::default();
        field.read(text, &mut problems);
        assert!(problems.0.iter().all(|problem| problem.field == "cron"));
        problems.0.into_iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect::<Vec<_>>().join("\n")
    }

    /// From robfig/cron's parser_test.go (TestRange, TestField), on a field of ours.
    #[test]
    fn ranges_lists_and_steps_name_numbers() {
        for (text, expected) in [
            ("5", vec![5]),
            ("0", vec![0]),
            ("5-5", vec![5]),
            ("5-6", vec![5, 6]),
            ("5-7", vec![5, 6, 7]),
            ("5-6/2", vec![5]),
            ("5-7/2", vec![5, 7]),
            ("5-7/1", vec![5, 6, 7]),
            ("5,6,7", vec![5, 6, 7]),
            ("1,5-7/2,3", vec![1, 3, 5, 7]),
            ("0/15", vec![0, 15, 30, 45]),
            ("5/15", vec![5, 20, 35, 50]),
            ("*/100", vec![0]),
            ("08", vec![8]),
            ("59/4294967295", vec![59]),
        ] {
            assert_eq!(numbers(&MINUTE, text), expected, "{text}");
        }
        assert_eq!(numbers(&DAY_OF_MONTH, "*/10"), [1, 11, 21, 31], "a step begins at the field's lowest number");
        assert_eq!(numbers(&MONTH, "jan,Mar-MAY"), [1, 3, 4, 5]);
        assert_eq!(numbers(&DAY_OF_WEEK, "Mon/2"), [1, 3, 5]);
        assert_eq!(numbers(&DAY_OF_WEEK, "sun-SAT"), [0, 1, 2, 3, 4, 5, 6]);
    }

    /// From robfig/cron's TestAll, and its star bit: a step above 1 closes the field, a list with a star leaves it open.
    #[test]
    fn a_star_leaves_a_field_open_and_a_step_closes_it() {
        for (text, full, open) in [
            ("*", true, true),
            ("?", true, true),
            ("*/1", true, true),
            ("?/1", true, true),
            ("5,*", true, true),
            ("*/2", false, false),
            ("*/2,*", true, true),
            ("1-31", true, false),
            ("1/1", true, false),
            ("1", false, false),
        ] {
            let set = DAY_OF_MONTH.read(text, &mut Problems::default());
            assert_eq!((DAY_OF_MONTH.is_full(set), set.is_open), (full, open), "{text}");
        }
        for field in [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK] {
            let all: Vec<i8> = (field.min..=field.max).map(|number| number.try_into().unwrap()).collect();
            assert_eq!(numbers(&field, "*"), all, "{}", field.name);
        }
    }

    /// From robfig/cron's TestRange and TestErrors, and what it lets pass in silence.
    #[test]
    fn every_wrong_item_is_named_with_what_is_allowed() {
        insta::assert_snapshot!(sentences(&MINUTE, "60,x,3-1,59-3,*/0,*/-12,*//2,5/,5--5"), @r#"
        cron_out_of_range: In the minute field, "60" is out of range: use 0 to 59.
        cron_item: In the minute field, "x" is not understood: use 0 to 59, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_backwards: In the minute field, "3-1" runs backwards: put the lower number first, or write 3-59,0-1 to go over the end.
        cron_backwards: In the minute field, "59-3" runs backwards: put the lower number first, or write 59,0-3 to go over the end.
        cron_step: In the minute field, "*/0" needs a whole number from 1 after the slash, such as */5.
        cron_step: In the minute field, "*/-12" needs a whole number from 1 after the slash, such as */5.
        cron_step: In the minute field, "*//2" needs a whole number from 1 after the slash, such as */5.
        cron_step: In the minute field, "5/" needs a whole number from 1 after the slash, such as */5.
        cron_item: In the minute field, "5--5" is not understood: use 0 to 59, alone or in a list (1,3), a range (1-3) or a step (*/2).
        "#);
        insta::assert_snapshot!(sentences(&HOUR, "1,,2,+5,*-5,24,99999999999,5-x,-1,*/4294967296"), @r#"
        cron_item: In the hour field, a number is missing beside a comma: write one comma between two numbers, and none at the end.
        cron_item: In the hour field, "+5" is not understood: use 0 to 23, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_item: In the hour field, "*-5" is not understood: use 0 to 23, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_out_of_range: In the hour field, "24" is out of range: use 0 to 23.
        cron_out_of_range: In the hour field, "99999999999" is out of range: use 0 to 23.
        cron_item: In the hour field, "5-x" is not understood: use 0 to 23, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_item: In the hour field, "-1" is not understood: use 0 to 23, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_step: In the hour field, "*/4294967296" needs a whole number from 1 after the slash, such as */5.
        "#);
        insta::assert_snapshot!(sentences(&DAY_OF_MONTH, "0,32,L,L-3,15W,LW,JAN"), @r#"
        cron_out_of_range: In the day of month field, "0" is out of range: use 1 to 31.
        cron_out_of_range: In the day of month field, "32" is out of range: use 1 to 31.
        cron_not_kubernetes: In the day of month field, "L" asks for the last day (L), which Kubernetes doesn't know: use 1 to 31.
        cron_not_kubernetes: In the day of month field, "L-3" asks for the last day (L), which Kubernetes doesn't know: use 1 to 31.
        cron_not_kubernetes: In the day of month field, "15W" asks for the nearest working day (W), which Kubernetes doesn't know: use 1 to 31.
        cron_not_kubernetes: In the day of month field, "LW" asks for the nearest working day (W), which Kubernetes doesn't know: use 1 to 31.
        cron_item: In the day of month field, "JAN" is not understood: use 1 to 31, alone or in a list (1,3), a range (1-3) or a step (*/2).
        "#);
        insta::assert_snapshot!(sentences(&MONTH, "0,13,JULY,L"), @r#"
        cron_out_of_range: In the month field, "0" is out of range: use 1 to 12 or JAN to DEC.
        cron_out_of_range: In the month field, "13" is out of range: use 1 to 12 or JAN to DEC.
        cron_item: In the month field, "JULY" is not understood: use 1 to 12 or JAN to DEC, alone or in a list (1,3), a range (1-3) or a step (*/2).
        cron_item: In the month field, "L" is not understood: use 1 to 12 or JAN to DEC, alone or in a list (1,3), a range (1-3) or a step (*/2).
        "#);
        insta::assert_snapshot!(sentences(&DAY_OF_WEEK, "7,0-7,8,5L,FRI#3,SAT-SUN,MONDAY"), @r#"
        cron_sunday: In the day of week field, "7" counts Sunday as 7, which Kubernetes doesn't: days go from 0 (Sunday) to 6 (Saturday), so write 0 or SUN.
        cron_sunday: In the day of week field, "0-7" counts Sunday as 7, which Kubernetes doesn't: days go from 0 (Sunday) to 6 (Saturday), so write 0 or SUN.
        cron_out_of_range: In the day of week field, "8" is out of range: use 0 (Sunday) to 6 (Saturday) or SUN to SAT.
        cron_not_kubernetes: In the day of week field, "5L" asks for the last day (L), which Kubernetes doesn't know: use 0 (Sunday) to 6 (Saturday) or SUN to SAT.
        cron_not_kubernetes: In the day of week field, "FRI#3" asks for the nth weekday of a month (#), which Kubernetes doesn't know: use 0 (Sunday) to 6 (Saturday) or SUN to SAT.
        cron_backwards: In the day of week field, "SAT-SUN" runs backwards: put the lower number first, or write 6,0 to go over the end.
        cron_item: In the day of week field, "MONDAY" is not understood: use 0 (Sunday) to 6 (Saturday) or SUN to SAT, alone or in a list (1,3), a range (1-3) or a step (*/2).
        "#);
    }
}
