//! When an expression runs next, in a time zone. Every moment whose local time matches is a run: a local time that the
//! clocks jump over has none, one that they go through twice has two.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::cron::Cron;

/// How many years after the year it begins in a search ends, as with Kubernetes: 30 February never comes.
const YEARS: i16 = 5;

impl Cron {
    /// The first run at or after a moment; `None` if there is none in this year and the next five.
    pub(super) fn next(&self, zone: &TimeZone, from: Timestamp) -> Option<Timestamp> {
        let last_year = zone.to_datetime(from).year().checked_add(YEARS)?;
        // Between two changes of the zone's offset, local time runs as steadily as UTC: so each stretch is searched as a
        // calendar, and what it finds counts if the stretch lasts until then.
        let mut begin = from;
        loop {
            let offset = zone.to_offset(begin);
            let local = offset.to_datetime(begin);
            if local.year() > last_year {
                return None;
            }
            let found = self.next_local(local, last_year).and_then(|local| offset.to_timestamp(local).ok());
            let end = zone.following(begin).next().map(|change| change.timestamp());
            match (found, end) {
                (Some(run), Some(end)) if run >= end => begin = end,
                (Some(run), _) => return Some(run),
                (None, end) => begin = end?,
            }
        }
    }

    /// The first matching minute at or after a local time, by the calendar alone.
    fn next_local(&self, from: DateTime, last_year: i16) -> Option<DateTime> {
        let (mut date, mut earliest) = (from.date(), minute_from(from));
        while date.year() <= last_year {
            if !self.month.contains(date.month()) {
                (date, earliest) = (date.last_of_month().tomorrow().ok()?, (0, 0));
                continue;
            }
            if let Some((hour, minute)) = self.matches_day(date).then(|| self.next_of_day(earliest)).flatten() {
                return Some(date.at(hour, minute, 0, 0));
            }
            (date, earliest) = (date.tomorrow().ok()?, (0, 0));
        }
        None
    }

    pub(super) fn matches_day(&self, date: Date) -> bool {
        let of_month = self.day_of_month.contains(date.day());
        let of_week = self.day_of_week.contains(date.weekday().to_sunday_zero_offset());
        if self.either_day() { of_month || of_week } else { of_month && of_week }
    }

    /// The first hour and minute of a day that are not before these; the minute may be 60, the next hour's 0.
    fn next_of_day(&self, (hour, minute): (i8, i8)) -> Option<(i8, i8)> {
        let in_this_hour = self.minute.from(minute).filter(|_| self.hour.contains(hour)).map(|minute| (hour, minute));
        in_this_hour.or_else(|| Some((self.hour.from(hour + 1)?, self.minute.from(0)?)))
    }
}

/// Hour and minute at or after a local time; 60 stands for the next hour's 0.
fn minute_from(local: DateTime) -> (i8, i8) {
    let is_whole = local.second() == 0 && local.subsec_nanosecond() == 0;
    (local.hour(), local.minute() + i8::from(!is_whole))
}
