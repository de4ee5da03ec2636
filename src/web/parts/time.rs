//! Times for people: relative, with the exact one on hover and for programs.

use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::domain::clock::Time;

/// A time as people say it, with the exact one in the person's zone as its title.
#[component]
pub fn Moment(time: Time, now: Time, zone: TimeZone) -> impl IntoView {
    let exact = time.timestamp().to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M:%S %Z").to_string();
    view! { <time datetime=time.rfc3339() title=exact>{relative(now, time, &zone)}</time> }
}

/// `just now`, `40 s ago`, `4 min ago`, `2 h ago`, `3 d ago`, then the date (with the year where it is another).
fn relative(now: Time, then: Time, zone: &TimeZone) -> String {
    let seconds = now.seconds_since(then) as i64;
    match seconds {
        ..5 => "just now".into(),
        5..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..604_800 => format!("{} d ago", seconds / 86_400),
        _ => {
            let (then, now) = (then.timestamp().to_zoned(zone.clone()), now.timestamp().to_zoned(zone.clone()));
            let format = if then.year() == now.year() { "%-d %b" } else { "%-d %b %Y" };
            then.strftime(format).to_string()
        }
    }
}

/// How long something took: `20 ms`, `0.4 s`, `12 s`, `2 min 5 s`, `3 h 20 min`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    let whole = seconds.round() as i64;
    match whole {
        ..10 if seconds < 0.1 => format!("{:.0} ms", seconds * 1_000.0),
        ..10 => format!("{seconds:.1} s"),
        10..120 => format!("{whole} s"),
        120..7_200 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let said = [-1.0, 0.042, 0.42, 12.4, 119.6, 125.0, 12_000.0].map(duration);
        assert_eq!(said, ["0 ms", "42 ms", "0.4 s", "12 s", "2 min 0 s", "2 min 5 s", "3 h 20 min"]);
    }

    #[test]
    fn times_read_well() {
        let now = Time("2026-11-23T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond());
        let ago = |seconds: i64| relative(now, now.plus_seconds(-seconds), &TimeZone::UTC);
        assert_eq!(ago(-3), "just now");
        assert_eq!(ago(4), "just now");
        assert_eq!(ago(40), "40 s ago");
        assert_eq!(ago(4 * 60 + 59), "4 min ago");
        assert_eq!(ago(2 * 3_600), "2 h ago");
        assert_eq!(ago(3 * 86_400), "3 d ago");
        assert_eq!(ago(30 * 86_400), "24 Oct");
        assert_eq!(ago(400 * 86_400), "19 Oct 2025");
    }
}
