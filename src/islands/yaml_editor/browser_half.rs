//! The browser's half of the editor: paints behind the text area, asks the server, follows keys and clicks.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{
    prelude::{document, set_timeout},
    wasm_bindgen::JsCast,
};
use web_sys::{Element, Event, HtmlDocument, HtmlElement, HtmlTextAreaElement, KeyboardEvent, UrlSearchParams};

use super::place::{caret_of, of_caret, units_before};
use crate::islands::{
    browser::{listen, post},
    yaml_tokens::{MAX_PAINTED, numbers, paint},
};

/// After the last key, before asking.
const PAUSE: Duration = Duration::from_millis(300);
/// The fields that say which component it is.
const SUBJECT: [&str; 3] = ["organization", "project", "component"];

struct Editor {
    check: String,
    text: HtmlTextAreaElement,
    scroll: Element,
    paint: Element,
    numbers: Element,
    options: HtmlElement,
    problems: Element,
    say: Element,
    /// Lines with errors.
    marked: RefCell<Vec<usize>>,
    /// Counts changes: an answer to an older text is late.
    turn: Cell<u32>,
    /// Characters before the caret that a completion replaces.
    replaces: Cell<usize>,
    active: Cell<Option<u32>>,
    is_filling: Cell<bool>,
}

pub(super) fn start(part: &Element, check: String) -> Option<()> {
    let found = |selector: &str| part.query_selector(selector).ok().flatten();
    let editor = Rc::new(Editor {
        check,
        text: found("textarea")?.dyn_into().ok()?,
        scroll: found("[data-scroll]")?,
        paint: found("[data-paint]")?,
        numbers: found("[data-numbers]")?,
        options: found("[data-options]")?.dyn_into().ok()?,
        problems: found("[data-problems]")?,
        say: found("[data-say]")?,
        marked: RefCell::default(),
        turn: Cell::default(),
        replaces: Cell::default(),
        active: Cell::default(),
        is_filling: Cell::default(),
    });
    for (name, value) in [("aria-autocomplete", "list"), ("aria-haspopup", "listbox"), ("aria-controls", "yaml-options")] {
        let _ = editor.text.set_attribute(name, value);
    }
    *editor.marked.borrow_mut() = marks(part);
    editor.listen();
    editor.paint();
    Some(())
}

impl Editor {
    fn listen(self: &Rc<Self>) {
        let editor = self.clone();
        listen(&self.text, "input", move |_| editor.typed());
        let editor = self.clone();
        listen(&self.text, "keydown", move |event| {
            if let Ok(event) = event.dyn_into() {
                editor.key(&event);
            }
        });
        for leaves in ["blur", "click"] {
            let editor = self.clone();
            listen(&self.text, leaves, move |_| editor.close());
        }
        // The text area keeps the focus while one chooses by mouse.
        listen(&self.options, "mousedown", |event| event.prevent_default());
        let editor = self.clone();
        listen(&self.options, "click", move |event| {
            if let Some(option) = closest(&event, "[data-insert]") {
                editor.choose(&option);
            }
        });
        let editor = self.clone();
        listen(&self.problems, "click", move |event| {
            let _ = editor.go_to(&event);
        });
    }

    /// Colours the text; a long one only gets its numbers.
    fn paint(&self) {
        let (text, marked) = (self.text.value(), self.marked.borrow());
        let is_painted = text.len() <= MAX_PAINTED;
        let _ = self.scroll.class_list().toggle_with_force("painted", is_painted);
        self.paint.set_inner_html(&paint(&text, &marked));
        self.numbers.set_inner_html(&numbers(&text, &marked));
    }

    fn typed(self: &Rc<Self>) {
        self.paint();
        self.close();
        if !self.is_filling.get() {
            self.ask_later(false);
        }
    }

    /// What was asked for shows what fits at once; while one types, only what begins as what is typed.
    fn ask_later(self: &Rc<Self>, is_asked_for: bool) {
        self.turn.set(self.turn.get() + 1);
        let (editor, turn) = (self.clone(), self.turn.get());
        let ask = move || {
            if editor.turn.get() == turn {
                leptos::task::spawn_local(async move {
                    let answer = editor.ask().await;
                    if let (Some(html), true) = (answer, editor.turn.get() == turn) {
                        editor.show(&html, is_asked_for);
                    }
                });
            }
        };
        set_timeout(ask, if is_asked_for { Duration::ZERO } else { PAUSE });
    }

    async fn ask(&self) -> Option<String> {
        let fields = UrlSearchParams::new().ok()?;
        let form = self.text.form()?;
        for name in SUBJECT {
            let field = form.query_selector(&format!("input[name={name}]")).ok().flatten()?;
            fields.append(name, &field.get_attribute("value")?);
        }
        let (text, caret) = (self.text.value(), self.caret());
        let (line, column) = of_caret(&text, caret);
        for (name, value) in [("yaml", text), ("line", line.to_string()), ("column", column.to_string())] {
            fields.append(name, &value);
        }
        post(&self.check, &fields).await?.ok()
    }

    fn show(&self, html: &str, is_asked_for: bool) -> Option<()> {
        let answer = document().create_element("div").ok()?;
        answer.set_inner_html(html);
        let found = |selector: &str| answer.query_selector(selector).ok().flatten();
        let (problems, count) = (found("[data-problems]")?, found("[data-say]")?);
        if self.say.text_content() != count.text_content() {
            self.say.set_text_content(count.text_content().as_deref());
        }
        self.problems.set_inner_html(&problems.inner_html());
        *self.marked.borrow_mut() = marks(&answer);
        self.paint();
        let options = found("[data-replaces]")?;
        let replaces = options.get_attribute("data-replaces")?.parse().ok()?;
        if options.child_element_count() > 0 && (is_asked_for || replaces > 0) && self.has_focus() {
            self.open(&options, replaces);
        }
        Some(())
    }

    fn has_focus(&self) -> bool {
        document().active_element().is_some_and(|element| element == **self.text)
    }

    fn key(self: &Rc<Self>, event: &KeyboardEvent) {
        let (active, is_open) = (self.active.get(), self.is_open());
        match event.key().as_str() {
            " " if event.ctrl_key() => self.ask_later(true),
            "ArrowDown" if is_open => self.mark(active.map_or(0, |at| at + 1)),
            "ArrowUp" if is_open => self.mark(active.unwrap_or(1).saturating_sub(1)),
            "Escape" if is_open => self.close(),
            // Tab always leaves the editor, unless something was chosen.
            "Enter" | "Tab" if is_open && !event.ctrl_key() && !event.meta_key() && !event.shift_key() => {
                let Some(option) = active.and_then(|at| self.option(at)) else { return self.close() };
                self.choose(&option);
            }
            "ArrowLeft" | "ArrowRight" | "Home" | "End" | "PageUp" | "PageDown" => return self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn caret(&self) -> usize {
        self.text.selection_end().ok().flatten().unwrap_or_default() as usize
    }

    fn is_open(&self) -> bool {
        !self.options.has_attribute("hidden")
    }

    /// Shows the list below the caret, with nothing chosen yet.
    fn open(&self, options: &Element, replaces: usize) {
        let (line, column) = of_caret(&self.text.value(), self.caret());
        let style = self.options.style();
        let _ = style.set_property("--line", &line.to_string());
        let _ = style.set_property("--column", &column.saturating_sub(replaces + 1).to_string());
        self.options.set_inner_html(&options.inner_html());
        let _ = self.options.remove_attribute("hidden");
        self.replaces.set(replaces);
        self.active.set(None);
    }

    fn close(&self) {
        let _ = self.options.set_attribute("hidden", "");
        let _ = self.text.remove_attribute("aria-activedescendant");
        self.active.set(None);
    }

    fn option(&self, at: u32) -> Option<Element> {
        self.options.children().item(at)
    }

    fn mark(&self, at: u32) {
        let Some(option) = self.option(at) else { return };
        if let Some(before) = self.active.replace(Some(at)).and_then(|before| self.option(before)) {
            let _ = before.set_attribute("aria-selected", "false");
        }
        let _ = option.set_attribute("aria-selected", "true");
        option.set_id(&format!("yaml-option-{at}"));
        let _ = self.text.set_attribute("aria-activedescendant", &option.id());
        option.scroll_into_view_with_scroll_into_view_options(&nearest());
    }

    /// Puts a completion in the place of what was typed of it, in a way that Undo takes back.
    fn choose(self: &Rc<Self>, option: &Element) {
        let Some(insert) = option.get_attribute("data-insert") else { return };
        let (text, caret) = (self.text.value(), self.caret());
        let from = caret - units_before(&text, caret, self.replaces.get()).min(caret);
        self.close();
        let _ = self.text.focus();
        self.is_filling.set(true);
        let _ = self.text.set_selection_range(from as u32, caret as u32);
        let page = document().dyn_into::<HtmlDocument>().ok();
        let is_in = page.and_then(|page| page.exec_command_with_show_ui_and_value("insertText", false, &insert).ok()).unwrap_or_default();
        if !is_in {
            let _ = self.text.set_range_text(&insert);
            let after = (from + insert.encode_utf16().count()) as u32;
            let _ = self.text.set_selection_range(after, after);
        }
        self.is_filling.set(false);
        self.paint();
        self.ask_later(insert.ends_with(": "));
    }

    /// Puts the caret where a problem is.
    fn go_to(&self, event: &Event) -> Option<()> {
        let link = closest(event, "[data-line]")?;
        let number = |name: &str| link.get_attribute(name)?.parse::<usize>().ok();
        let (line, column) = (number("data-line")?, number("data-column")?);
        event.prevent_default();
        let caret = caret_of(&self.text.value(), line, column) as u32;
        let _ = self.text.focus();
        let _ = self.text.set_selection_range(caret, caret);
        if let Some(row) = self.numbers.children().item(line.saturating_sub(1) as u32) {
            row.scroll_into_view_with_scroll_into_view_options(&nearest());
        }
        Some(())
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let nearest = web_sys::ScrollIntoViewOptions::new();
    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
    nearest
}

/// The lines that an answer marks.
fn marks(answer: &Element) -> Vec<usize> {
    let marks = answer.query_selector("[data-marks]").ok().flatten().and_then(|element| element.get_attribute("data-marks"));
    marks.unwrap_or_default().split(' ').filter_map(|line| line.parse().ok()).collect()
}

fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}
