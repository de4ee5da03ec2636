//! When a credential ends, in words: with the clock on its last day, in days before that.

use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::{
    domain::{
        clock::Time,
        registries::{Expiry, Registry, Vendor},
    },
    web::parts::{Badge, Tone},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The end of the registry's credential for a list: a badge when it is near or past, else the date.
pub(super) fn short(registry: &Registry, now: Time, zone: &TimeZone) -> Option<AnyView> {
    let (at, expiry) = (registry.expires_at?, registry.expiry(now)?);
    let (rfc3339, exact) = (at.rfc3339(), exactly(registry, zone)?);
    let words = match expiry {
        Expiry::Ended => view! { <Badge tone=Tone::Bad>"Expired"</Badge> }.into_any(),
        Expiry::Soon { seconds } => view! { <Badge tone=Tone::Warn>"Expires in "{left(seconds)}</Badge> }.into_any(),
        Expiry::Later => view! { <small>"until "{date(at, now, &zone_of(registry, zone))}</small> }.into_any(),
    };
    Some(view! { <time datetime=rfc3339 title=exact>{words}</time> }.into_any())
}

/// The day of a credential that ends with one, else the very moment.
pub(super) fn exactly(registry: &Registry, zone: &TimeZone) -> Option<String> {
    let format = if registry.ends_with_a_day() { "%-d %b %Y" } else { "%-d %b %Y, %H:%M %Z" };
    Some(moment(registry.expires_at?, &zone_of(registry, zone), format))
}

/// A day that somebody typed is that day for everybody.
fn zone_of(registry: &Registry, zone: &TimeZone) -> TimeZone {
    if registry.ends_with_a_day() { TimeZone::UTC } else { zone.clone() }
}

/// When it ends and what to do about it, for the registry's own page.
pub(super) fn advice(registry: &Registry, now: Time, zone: &TimeZone) -> Option<String> {
    Some(format!("{} {}", sentence(registry, now, zone)?, what_to_do(registry.vendor)))
}

fn what_to_do(vendor: Vendor) -> String {
    match vendor.token_hours() {
        Some(hours) => format!(
            "Logins to {} live {hours} hours at most: replace the secret in time, or better give the nodes access of their own and choose \
             Vendor-specific.",
            vendor.label()
        ),
        None => "Replace the secret to go on pulling.".into(),
    }
}

/// One sentence that says when it ends.
pub(in crate::web::pages) fn sentence(registry: &Registry, now: Time, zone: &TimeZone) -> Option<String> {
    let (at, expiry, zone) = (registry.expires_at?, registry.expiry(now)?, &zone_of(registry, zone));
    Some(match expiry {
        Expiry::Ended => format!("This credential ended on {}. Images can't be pulled with it any more.", date(at, now, zone)),
        Expiry::Soon { seconds } if seconds < DAY && !registry.ends_with_a_day() => {
            format!("This token ends at {}, in {}.", moment(at, zone, "%H:%M"), left(seconds))
        }
        Expiry::Soon { seconds } => format!("This credential ends on {}, in {}.", date(at, now, zone), left(seconds)),
        Expiry::Later => format!("This credential ends on {}.", date(at, now, zone)),
    })
}

/// `9 days`, `1 day`, `11 h 58 min`, `5 min`.
fn left(seconds: i64) -> String {
    match seconds {
        ..MINUTE => "less than a minute".into(),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => format!("{} h {} min", seconds / HOUR, seconds % HOUR / MINUTE),
        _ if seconds / DAY == 1 => "1 day".into(),
        _ => format!("{} days", seconds / DAY),
    }
}

/// `31 Mar`, with the year where it is another.
fn date(at: Time, now: Time, zone: &TimeZone) -> String {
    let same_year = moment(at, zone, "%Y") == moment(now, zone, "%Y");
    moment(at, zone, if same_year { "%-d %b" } else { "%-d %b %Y" })
}

fn moment(at: Time, zone: &TimeZone, format: &str) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_reads_well() {
        assert_eq!(left(30), "less than a minute");
        assert_eq!(left(5 * MINUTE + 59), "5 min");
        assert_eq!(left(11 * HOUR + 58 * MINUTE), "11 h 58 min");
        assert_eq!(left(DAY), "1 day");
        assert_eq!(left(9 * DAY + 23 * HOUR), "9 days");
    }

    #[test]
    fn a_login_that_can_not_live_long_has_its_own_advice() {
        assert!(what_to_do(Vendor::Ecr).contains("12 hours at most"));
        assert_eq!(what_to_do(Vendor::Harbor), "Replace the secret to go on pulling.");
    }

    #[test]
    fn a_date_names_the_year_only_where_it_is_another() {
        let time = |text: &str| Time(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let now = time("2026-11-23T12:00:00Z");
        assert_eq!(date(time("2026-12-02T00:00:00Z"), now, &TimeZone::UTC), "2 Dec");
        assert_eq!(date(time("2027-03-31T00:00:00Z"), now, &TimeZone::UTC), "31 Mar 2027");
    }
}
