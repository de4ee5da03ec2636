//! A cron expression as a person would say it: `At 09:30, Monday to Friday`. Said of the numbers that the fields name, so
//! that the same times read the same, however they were written.

use super::{
    cron::Cron,
    field::{DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH},
};

/// As many times of day are told one by one.
const TIMES: usize = 4;
/// As many numbers with gaps of one size are told one by one; of more, the first three and the last.
const NUMBERS: usize = 5;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

impl Cron {
    /// `At minute 0 of every hour`, `At 12:00 on day 13 of the month or on Friday, in June`.
    pub(super) fn words(&self) -> String {
        self.times() + &self.dates()
    }

    fn times(&self) -> String {
        let (minutes, hours) = (self.minute.numbers(), self.hour.numbers());
        if minutes.len() * hours.len() <= TIMES {
            let times = hours.iter().flat_map(|hour| minutes.iter().map(|minute| clock(*hour, *minute)));
            return format!("At {}", enumerated(&times.collect::<Vec<_>>()));
        }
        match (self.rhythm(&minutes), &minutes[..]) {
            (Some(rhythm), _) if HOUR.is_full(self.hour) => rhythm,
            (None, _) if HOUR.is_full(self.hour) => format!("At {} of every hour", counted("minute", &minutes)),
            (Some(rhythm), _) if is_span(&hours) => format!("{rhythm} from {}", span_of_day(&hours, &minutes)),
            (Some(rhythm), _) => format!("{rhythm} in {}", counted("the hour", &hours)),
            (None, [_]) if is_span(&hours) => format!("Every hour from {}", span_of_day(&hours, &minutes)),
            (None, [minute]) if gap(&hours).is_some() => format!("At {}", listed(&hours, |hour| clock(hour, *minute))),
            (None, _) => format!("At {} of {}", counted("minute", &minutes), counted("the hour", &hours)),
        }
    }

    /// `Every 15 minutes`, if the minutes go evenly through the hour and on into the next.
    fn rhythm(&self, minutes: &[i8]) -> Option<String> {
        if MINUTE.is_full(self.minute) {
            return Some("Every minute".to_owned());
        }
        let gap = gap(minutes)?;
        let goes_on = minutes.first() == Some(&0) && minutes.last().is_some_and(|last| last + gap == 60);
        goes_on.then(|| format!("Every {gap} minutes"))
    }

    fn dates(&self) -> String {
        let months = (!MONTH.is_full(self.month)).then(|| spans(&self.month.numbers(), |month| named(&MONTHS, month)));
        let in_months = match months.as_deref() {
            None => String::new(),
            Some([span]) if span.contains(" to ") => format!(", from {span}"),
            Some(months) => format!(", in {}", enumerated(months)),
        };
        let any_of_month = DAY_OF_MONTH.is_full(self.day_of_month);
        let any_of_week = DAY_OF_WEEK.is_full(self.day_of_week);
        let days = counted("day", &self.day_of_month.numbers());
        match (any_of_month, any_of_week) {
            (true, true) => in_months,
            // One of the two is enough, and one matches every day.
            (true, false) | (false, true) if self.either_day() => in_months,
            (true, false) => self.weekdays() + &in_months,
            (false, true) => format!(" on {days} of {}", months.map_or_else(|| "the month".to_owned(), |months| enumerated(&months))),
            (false, false) => format!(" on {days} of the month or on {}{in_months}", enumerated(&self.week())),
        }
    }

    /// ` on Friday`, `, Monday to Friday`.
    fn weekdays(&self) -> String {
        let week = self.week();
        let has_span = week.iter().any(|days| days.contains(" to "));
        format!("{}{}", if has_span { ", " } else { " on " }, enumerated(&week))
    }

    /// The days of the week from Monday on.
    fn week(&self) -> Vec<String> {
        let mut days: Vec<i8> = self.day_of_week.numbers().into_iter().map(|day| if day == 0 { 7 } else { day }).collect();
        days.sort_unstable();
        spans(&days, |day| named(&DAYS, day))
    }
}

/// `09:00 to 17:45`: the first time and the last.
fn span_of_day(hours: &[i8], minutes: &[i8]) -> String {
    let time = |hour: Option<&i8>, minute: Option<&i8>| clock(hour.copied().unwrap_or_default(), minute.copied().unwrap_or_default());
    format!("{} to {}", time(hours.first(), minutes.first()), time(hours.last(), minutes.last()))
}

fn clock(hour: i8, minute: i8) -> String {
    format!("{hour:02}:{minute:02}")
}

/// The name of a number that counts from 1.
fn named(names: &[&str], number: i8) -> String {
    let index = usize::try_from(number - 1).unwrap_or_default();
    names.get(index).copied().unwrap_or_default().to_owned()
}

/// `minute 5`, `minutes 5, 10 to 20 and 50`.
fn counted(what: &str, numbers: &[i8]) -> String {
    let plural = if numbers.len() == 1 { "" } else { "s" };
    format!("{what}{plural} {}", listed(numbers, |number| number.to_string()))
}

fn listed(numbers: &[i8], show: impl Fn(i8) -> String) -> String {
    match (numbers, gap(numbers)) {
        ([first, second, third, .., last], Some(2..)) if numbers.len() > NUMBERS => {
            format!("{}, {}, {}, and so on to {}", show(*first), show(*second), show(*third), show(*last))
        }
        _ => enumerated(&spans(numbers, show)),
    }
}

/// What lies between each two of the numbers, if it is always the same.
fn gap(numbers: &[i8]) -> Option<i8> {
    let mut gaps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
    let gap = gaps.next()?;
    gaps.all(|other| other == gap).then_some(gap)
}

/// One number, or several without a gap.
fn is_span(numbers: &[i8]) -> bool {
    numbers.len() == 1 || gap(numbers) == Some(1)
}

/// Three or more that follow each other as `5 to 8`, others alone.
fn spans(numbers: &[i8], show: impl Fn(i8) -> String) -> Vec<String> {
    let follow = numbers.chunk_by(|one, next| one + 1 == *next);
    follow
        .flat_map(|span| match span {
            [first, _, .., last] if span.len() > 2 => vec![format!("{} to {}", show(*first), show(*last))],
            _ => span.iter().map(|number| show(*number)).collect(),
        })
        .collect()
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_read_as_a_person_would_say_them() {
        for (expression, words) in [
            ("* * * * *", "Every minute"),
            ("*/1 * * * *", "Every minute"),
            ("0-59 * * * *", "Every minute"),
            ("*/15 * * * *", "Every 15 minutes"),
            ("0,30 * * * *", "Every 30 minutes"),
            ("0/2 * * * *", "Every 2 minutes"),
            ("*/7 * * * *", "At minutes 0, 7, 14, and so on to 56 of every hour"),
            ("5/15 * * * *", "At minutes 5, 20, 35 and 50 of every hour"),
            ("1/2 * * * *", "At minutes 1, 3, 5, and so on to 59 of every hour"),
            ("*/40 * * * *", "At minutes 0 and 40 of every hour"),
            ("0 * * * *", "At minute 0 of every hour"),
            ("@hourly", "At minute 0 of every hour"),
            ("10-20 * * * *", "At minutes 10 to 20 of every hour"),
            ("1,10-12,50 * * * *", "At minutes 1, 10 to 12 and 50 of every hour"),
            ("30 9 * * 1-5", "At 09:30, Monday to Friday"),
            ("0 0 * * *", "At 00:00"),
            ("@daily", "At 00:00"),
            ("0 6,18 * * *", "At 06:00 and 18:00"),
            ("0,30 9 * * *", "At 09:00 and 09:30"),
            ("0 */6 * * *", "At 00:00, 06:00, 12:00 and 18:00"),
            ("15 */5 * * *", "At 00:15, 05:15, 10:15, 15:15 and 20:15"),
            ("0 */2 * * *", "At 00:00, 02:00, 04:00, and so on to 22:00"),
            ("30 1/2 * * *", "At 01:30, 03:30, 05:30, and so on to 23:30"),
            ("0 9-17 * * *", "Every hour from 09:00 to 17:00"),
            ("30 8-18 * * mon-fri", "Every hour from 08:30 to 18:30, Monday to Friday"),
            ("0 9-12,20 * * *", "At minute 0 of the hours 9 to 12 and 20"),
            ("* 9 * * *", "Every minute from 09:00 to 09:59"),
            ("* 9-17 * * *", "Every minute from 09:00 to 17:59"),
            ("*/10 9 * * *", "Every 10 minutes from 09:00 to 09:50"),
            ("*/15 9-17 * * *", "Every 15 minutes from 09:00 to 17:45"),
            ("*/15 9,12 * * *", "Every 15 minutes in the hours 9 and 12"),
            ("* */2 * * *", "Every minute in the hours 0, 2, 4, and so on to 22"),
            ("5,20 */6 * * *", "At minutes 5 and 20 of the hours 0, 6, 12 and 18"),
            ("1,2,3,4,7 9 * * *", "At minutes 1 to 4 and 7 of the hour 9"),
            ("0 0 1 * *", "At 00:00 on day 1 of the month"),
            ("@monthly", "At 00:00 on day 1 of the month"),
            ("0 0 1,15 * *", "At 00:00 on days 1 and 15 of the month"),
            ("0 0 1-7 * *", "At 00:00 on days 1 to 7 of the month"),
            ("0 0 */2 * *", "At 00:00 on days 1, 3, 5, and so on to 31 of the month"),
            ("0 12 13 * 5", "At 12:00 on day 13 of the month or on Friday"),
            ("0 12 13 6 5", "At 12:00 on day 13 of the month or on Friday, in June"),
            ("0 12 */10 * sun", "At 12:00 on days 1, 11, 21 and 31 of the month or on Sunday"),
            ("0 12 1-31 * 5", "At 12:00"),
            ("0 12 13 * 0-6", "At 12:00"),
            ("0 12 *,13 * 5", "At 12:00 on Friday"),
            ("0 0 * * 0", "At 00:00 on Sunday"),
            ("@weekly", "At 00:00 on Sunday"),
            ("0 9 * * 1,3,5", "At 09:00 on Monday, Wednesday and Friday"),
            ("0 9 * * 0,6", "At 09:00 on Saturday and Sunday"),
            ("0 9 * * 0,1-3", "At 09:00, Monday to Wednesday and Sunday"),
            ("0 9 ? jan ?", "At 09:00, in January"),
            ("0 9 * 6-8 *", "At 09:00, from June to August"),
            ("0 9 * 1,6-8 *", "At 09:00, in January and June to August"),
            ("0 9 * */3 mon", "At 09:00 on Monday, in January, April, July and October"),
            ("@yearly", "At 00:00 on day 1 of January"),
            ("0 0 1,2 6-8 *", "At 00:00 on days 1 and 2 of June to August"),
            ("0 0 30 2 *", "At 00:00 on day 30 of February"),
            ("*/5 0-6 1 1 *", "Every 5 minutes from 00:00 to 06:55 on day 1 of January"),
        ] {
            let cron = Cron::parse(expression).unwrap();
            assert_eq!(cron.words(), words, "{expression}");
        }
    }
}
