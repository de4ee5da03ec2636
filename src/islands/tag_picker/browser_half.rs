//! The browser's half of the tag picker: asks for the list, follows keys and clicks, fills the field.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{
    prelude::{document, set_timeout},
    wasm_bindgen::JsCast,
};
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::islands::browser::{encode, fetch_fragment, field_of, fill, input, listen, typed, value};

/// After the last key, before asking.
const PAUSE: Duration = Duration::from_millis(250);
/// The fields that say which registry an image is in.
const REGISTRY: [&str; 3] = ["source", "hub_registry", "registry"];
/// Before saying that the registry is being asked.
const SPINNER: Duration = Duration::from_millis(200);

struct Picker {
    input: HtmlInputElement,
    field: String,
    fragment: String,
    list: Element,
    say: Element,
    /// What is typed of the tag since one was chosen.
    filter: RefCell<String>,
    /// The path whose list is shown or on its way.
    shown: RefCell<String>,
    /// Counts questions and keys: an answer to an older one is late.
    turn: Cell<u32>,
    is_waiting: Cell<bool>,
    active: Cell<Option<u32>>,
    is_choosing: Cell<bool>,
}

pub(super) fn start(part: Element, field: &str, fragment: &str) {
    let (Some(input), Ok(Some(list)), Ok(Some(say))) =
        (input(&format!("field-{field}")), part.query_selector("[data-list]"), part.query_selector("[data-say]"))
    else {
        return;
    };
    for (name, value) in [("role", "combobox"), ("aria-autocomplete", "list"), ("aria-expanded", "false")] {
        let _ = input.set_attribute(name, value);
    }
    let picker = Rc::new(Picker {
        input,
        field: field.to_owned(),
        fragment: fragment.to_owned(),
        list,
        say,
        filter: RefCell::default(),
        shown: RefCell::default(),
        turn: Cell::default(),
        is_waiting: Cell::default(),
        active: Cell::default(),
        is_choosing: Cell::default(),
    });
    picker.listen(&part);
    if !picker.is_of_image() {
        picker.open();
    }
}

impl Picker {
    /// The field holds a whole image, not a tag alone.
    fn is_of_image(&self) -> bool {
        self.field == "image"
    }

    fn listen(self: &Rc<Self>, part: &Element) {
        let picker = self.clone();
        listen(&self.input, "input", move |_| picker.typed());
        let picker = self.clone();
        listen(&self.input, "keydown", move |event| {
            if let Ok(event) = event.dyn_into() {
                picker.key(&event);
            }
        });
        let picker = self.clone();
        listen(part, "click", move |event| picker.clicked(&event));
        // The field keeps the focus while one chooses by mouse.
        listen(&self.list, "mousedown", |event| event.prevent_default());
        if self.is_of_image() {
            let Ok(Some(form)) = part.closest("form") else { return };
            let picker = self.clone();
            listen(&form, "change", move |event| {
                let of_list = field_of(&event).is_some_and(|name| name == "image" || REGISTRY.contains(&name.as_str()));
                if of_list && !value("field-image").is_empty() {
                    picker.load();
                }
            });
        }
    }

    fn typed(self: &Rc<Self>) {
        if self.is_choosing.get() {
            return;
        }
        let typed = self.input.value();
        let filter = match self.is_of_image() {
            // What was typed before the list was opened is no wish for one tag among others.
            true if !self.is_open() => "",
            true => split(&typed).1.unwrap_or_default(),
            false => typed.trim(),
        };
        *self.filter.borrow_mut() = filter.to_owned();
        let turn = self.next_turn();
        let picker = self.clone();
        set_timeout(
            move || {
                if picker.turn.get() == turn && (picker.is_open() || !picker.is_of_image()) {
                    picker.open();
                }
            },
            PAUSE,
        );
    }

    fn key(self: &Rc<Self>, event: &KeyboardEvent) {
        let active = self.active.get();
        match (event.key().as_str(), self.is_open()) {
            ("ArrowDown", false) => self.open(),
            ("ArrowDown", true) => self.mark(active.map_or(0, |at| at + 1)),
            ("ArrowUp", true) => self.mark(active.unwrap_or(1).saturating_sub(1)),
            ("Escape", true) => self.close(),
            ("Enter", true) => match active.and_then(|at| self.option(at)) {
                Some(option) if !event.ctrl_key() && !event.meta_key() => self.choose(&option),
                _ => return,
            },
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn clicked(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let closest = |selector: &str| target.closest(selector).ok().flatten();
        if let Some(option) = closest("[role=option]") {
            self.choose(&option);
        } else if let Some(more) = closest("[data-more]") {
            self.ask(more.get_attribute("data-more"));
        } else if closest("button").is_some() {
            event.prevent_default();
            if self.is_open() {
                self.close()
            } else {
                self.open()
            }
            let _ = self.input.focus();
        }
    }

    fn is_open(&self) -> bool {
        !self.list.has_attribute("hidden")
    }

    fn open(self: &Rc<Self>) {
        let _ = self.list.remove_attribute("hidden");
        self.load();
        self.tell_state();
    }

    fn close(&self) {
        let _ = self.list.set_attribute("hidden", "");
        self.next_turn(); // what was typed just before opens it no more
        self.unmark();
        self.tell_state();
    }

    /// Expanded is a list that is seen and has something in it.
    fn tell_state(&self) {
        let is_expanded = self.is_open() && self.option(0).is_some();
        let _ = self.input.set_attribute("aria-expanded", if is_expanded { "true" } else { "false" });
    }

    fn path(&self) -> String {
        let filter = encode(&self.filter.borrow());
        if !self.is_of_image() {
            return format!("{}&filter={filter}", self.fragment);
        }
        let image = self.input.value();
        let registry: String = REGISTRY.iter().map(|name| format!("{name}={}&", encode(&typed(name)))).collect();
        format!("{}?{registry}image={}&filter={filter}", self.fragment, encode(split(&image).0))
    }

    fn load(self: &Rc<Self>) {
        if *self.shown.borrow() != self.path() {
            self.ask(None);
        }
    }

    /// Asks for the list, or for more of it.
    fn ask(self: &Rc<Self>, after: Option<String>) {
        let (path, turn) = (self.path(), self.next_turn());
        self.shown.borrow_mut().clone_from(&path);
        self.is_waiting.set(true);
        let picker = self.clone();
        set_timeout(
            move || {
                if picker.is_waiting.get() && picker.turn.get() == turn {
                    picker.say.set_inner_html("<p class=\"loading busy\">Asking the registry…</p>");
                }
            },
            SPINNER,
        );
        let picker = self.clone();
        leptos::task::spawn_local(async move {
            let rest = after.as_deref().map(|after| format!("&after={}", encode(after))).unwrap_or_default();
            let html = fetch_fragment(&format!("{path}{rest}")).await;
            if picker.turn.get() == turn {
                picker.is_waiting.set(false);
                picker.show(html, after.is_some());
            }
        });
    }

    fn show(&self, html: Option<String>, is_more: bool) {
        let Ok(answer) = document().create_element("div") else { return };
        answer.set_inner_html(&html.unwrap_or_else(|| {
            self.shown.borrow_mut().clear();
            "<div data-foot><p>The console did not list the tags. Type the tag.</p></div>".into()
        }));
        let found = |selector: &str| answer.query_selector(selector).ok().flatten();
        self.say.set_inner_html(&found("[data-foot]").map(|foot| foot.inner_html()).unwrap_or_default());
        let list = found("[role=listbox]");
        match (self.list.first_element_child(), list) {
            (Some(shown), Some(list)) if is_more => {
                let _ = shown.insert_adjacent_html("beforeend", &list.inner_html());
            }
            (_, list) => {
                self.unmark();
                self.list.set_inner_html("");
                if let Some(list) = list {
                    list.set_id(&format!("tags-of-{}", self.field));
                    let _ = self.input.set_attribute("aria-controls", &list.id());
                    let _ = self.list.append_child(&list);
                }
            }
        }
        self.tell_state();
    }

    fn option(&self, at: u32) -> Option<Element> {
        self.list.query_selector_all("[role=option]").ok()?.item(at)?.dyn_into().ok()
    }

    /// Makes an option the active one; past the last one more are asked for.
    fn mark(self: &Rc<Self>, at: u32) {
        let Some(option) = self.option(at) else {
            let more = self.say.query_selector("[data-more]").ok().flatten();
            if let Some(more) = more.filter(|_| !self.is_waiting.get()) {
                self.ask(more.get_attribute("data-more"));
            }
            return;
        };
        self.unmark();
        self.active.set(Some(at));
        option.set_id(&format!("tag-{at}-of-{}", self.field));
        let _ = option.set_attribute("aria-selected", "true");
        let _ = self.input.set_attribute("aria-activedescendant", &option.id());
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&nearest);
    }

    fn unmark(&self) {
        if let Some(option) = self.active.take().and_then(|at| self.option(at)) {
            let _ = option.set_attribute("aria-selected", "false");
        }
        let _ = self.input.remove_attribute("aria-activedescendant");
    }

    /// Fills the field, and says so to who listens to it.
    fn choose(&self, option: &Element) {
        let Some(tag) = option.get_attribute("data-tag") else { return };
        let typed = self.input.value();
        let filled = if self.is_of_image() { format!("{}:{tag}", split(&typed).0) } else { tag };
        self.filter.borrow_mut().clear();
        self.close();
        self.is_choosing.set(true);
        fill(&self.input, &filled);
        self.is_choosing.set(false);
        let _ = self.input.focus();
    }

    /// A question that is under way is given up: its list has to be asked for again.
    fn next_turn(&self) -> u32 {
        if self.is_waiting.replace(false) {
            self.shown.borrow_mut().clear();
            self.say.set_inner_html("");
        }
        self.turn.set(self.turn.get() + 1);
        self.turn.get()
    }
}

/// An image and its tag, as far as typed: `host:5000/greeter:1.` is `host:5000/greeter` and `1.`. A digest goes.
fn split(typed: &str) -> (&str, Option<&str>) {
    let typed = typed.trim();
    let typed = typed.split_once('@').map_or(typed, |(image, _)| image);
    let name = typed.rfind('/').map_or(0, |slash| slash + 1);
    match typed[name..].split_once(':') {
        Some((last, tag)) => (&typed[..name + last.len()], Some(tag)),
        None => (typed, None),
    }
}
