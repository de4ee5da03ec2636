//! Parts that pages are made of: server-only components without state. Each renders plain HTML that works without scripts.

mod badge;
mod checklist;
mod code;
mod copy;
mod empty;
mod field;
mod frame;
pub mod icons;
mod panel;
mod table;
mod text_area;
mod time;

pub use self::{
    badge::{Badge, SimulatedNote, StateBadge, Tone},
    checklist::{CheckItem, Checklist},
    code::CodeBlock,
    copy::CopyField,
    empty::EmptyState,
    field::{Choice, FileField, PasswordField, ProblemSummary, RadioCards, SelectField, SelectOption, TextField},
    frame::{CentredPage, Crumb, Frame, NavGroup, NavLink},
    panel::Panel,
    table::Table,
    text_area::TextArea,
    time::Moment,
};

/// A size for people: `38 MB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = count as f64 / 1000.0;
    let mut unit = 0;
    while size >= 1000.0 && unit < UNITS.len() - 1 {
        size /= 1000.0;
        unit += 1;
    }
    if size < 10.0 { format!("{size:.1} {}", UNITS[unit]) } else { format!("{size:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_read_well() {
        assert_eq!(super::bytes(512), "0.5 kB");
        assert_eq!(super::bytes(38_200_000), "38 MB");
        assert_eq!(super::bytes(1_250_000_000), "1.2 GB");
    }
}
