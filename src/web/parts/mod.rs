//! Parts that pages are made of: server-only components without state. Each renders plain HTML that works without scripts.

mod badge;
mod checklist;
mod code;
mod code_area;
mod copy;
mod diff;
mod empty;
mod field;
mod frame;
mod highlight;
pub mod icons;
mod panel;
mod table;
mod text_area;
mod time;

pub use self::{
    badge::{Badge, SimulatedNote, StateBadge, Tone},
    checklist::{CheckItem, Checklist},
    code::CodeBlock,
    code_area::CodeArea,
    copy::CopyField,
    diff::Diff,
    empty::EmptyState,
    field::{Choice, FileField, PasswordField, ProblemSummary, RadioCards, SelectField, SelectOption, TextField},
    frame::{CentredPage, Crumb, Frame, NavGroup, NavLink},
    highlight::{Highlighted, warm_up},
    panel::Panel,
    table::Table,
    text_area::TextArea,
    time::{Moment, duration},
};

/// A size for people: `38 MB`.
pub use crate::domain::images::size_in_words as bytes;
