//! Schedules against a clock that looks at every minute, and against whatever may be typed.

use std::fmt;

use proptest::prelude::*;

use super::{super::*, schedule};

/// An item of a field that is known to be right.
#[derive(Clone, Copy, Debug)]
struct Item {
    /// `*` if there is none.
    range: Option<(i8, Option<i8>)>,
    step: Option<i8>,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.range {
            None => write!(f, "*")?,
            Some((first, None)) => write!(f, "{first}")?,
            Some((first, Some(last))) => write!(f, "{first}-{last}")?,
        }
        self.step.map_or(Ok(()), |step| write!(f, "/{step}"))
    }
}

impl Item {
    fn matches(self, number: i8, min: i8, max: i8) -> bool {
        let (first, last) = match (self.range, self.step) {
            (None, _) => (min, max),
            (Some((first, Some(last))), _) => (first, last),
            (Some((first, None)), Some(_)) => (first, max),
            (Some((first, None)), None) => (first, first),
        };
        (first..=last).contains(&number) && (number - first) % self.step.unwrap_or(1) == 0
    }

    fn is_star(self) -> bool {
        self.range.is_none() && self.step.is_none_or(|step| step == 1)
    }
}

const BOUNDS: [(i8, i8); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

fn field((min, max): (i8, i8)) -> impl Strategy<Value = Vec<Item>> {
    let range = (min..=max, min..=max, any::<bool>());
    let range = range.prop_map(|(one, other, long)| if long { (one.min(other), Some(one.max(other))) } else { (one, None) });
    let item = (prop::option::of(range), prop::option::of(1..=max)).prop_map(|(range, step)| Item { range, step });
    prop_oneof![Just(vec![Item { range: None, step: None }]), prop::collection::vec(item, 1..4)]
}

fn expression(fields: &[Vec<Item>; 5]) -> String {
    let text = |items: &Vec<Item>| items.iter().map(Item::to_string).collect::<Vec<_>>().join(",");
    fields.each_ref().map(text).join(" ")
}

/// Whether a moment is a run, from what the fields were made of.
fn is_run(fields: &[Vec<Item>; 5], zone: &TimeZone, moment: Timestamp) -> bool {
    let local = zone.to_datetime(moment);
    let numbers = [local.minute(), local.hour(), local.day(), local.month(), local.weekday().to_sunday_zero_offset()];
    let [minute, hour, day, month, weekday] =
        std::array::from_fn(|i| fields[i].iter().any(|item| item.matches(numbers[i], BOUNDS[i].0, BOUNDS[i].1)));
    let has_star = [2, 4].iter().any(|i| fields[*i].iter().any(|item| item.is_star()));
    minute && hour && month && if has_star { day && weekday } else { day || weekday }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two days before and around a change of the zone's clocks, minute by minute.
    #[test]
    fn the_runs_are_the_minutes_that_match(
        fields in BOUNDS.map(field),
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"]),
        year in 2000_i64..2036,
        before in 0_i64..2880,
    ) {
        let schedule = schedule(&expression(&fields), zone);
        let zone = zone::find(zone).unwrap();
        let change = zone.following(Timestamp::from_second((year - 1970) * 31_556_952).unwrap()).next();
        let change = change.map_or(0, |change| change.timestamp().as_second());
        let after = Time((change - before * 60 + 30) * Time::SECOND);
        let minutes = (1..=2880).map(|minute| Time(after.0 - 30 * Time::SECOND).plus_seconds(60 * minute));
        let expected: Vec<Time> = minutes.filter(|minute| is_run(&fields, &zone, minute.timestamp())).collect();
        let mut runs = schedule.next_runs(after, expected.len() + 1);
        runs.retain(|run| *run <= after.plus_seconds(2880 * 60));
        prop_assert_eq!(runs, expected, "{:?}", schedule);
    }

    #[test]
    fn whatever_is_read_has_words_and_reads_back_the_same(fields in BOUNDS.map(field)) {
        let typed = expression(&fields);
        let schedule = schedule(&typed, "UTC");
        prop_assert_eq!(&Schedule::parse(&schedule.cron, &schedule.time_zone, "").unwrap(), &schedule);
        let words = schedule.words();
        prop_assert!(words.starts_with("At ") || words.starts_with("Every "), "{}", words);
        prop_assert!(!words.contains("  ") && !words.contains('*') && !words.contains('/'), "{}", words);
    }

    #[test]
    fn nothing_typed_panics(typed in r"[0-9*?,/#LW@=a-z \t-]{0,40}|(([0-9*?/,-]|MON|jan){1,5} ){4,5}[0-9*?L#]{1,3}|\PC{0,30}") {
        match Schedule::parse(&typed, &typed, &typed) {
            Ok(schedule) => prop_assert!(schedule.words().len() > 2),
            Err(problems) => for problem in problems.0 {
                prop_assert!(problem.message.ends_with('.') && !problem.message.contains('\n'), "{:?}", problem);
            }
        }
    }
}
