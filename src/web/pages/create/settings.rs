//! What a type asks for beside the image, and the security profile.

use leptos::prelude::*;

use super::{
    form::Sheet,
    schedule::{Timing, schedule_preview},
};
use crate::{
    domain::{
        components::{Kind, SecurityProfile},
        endpoints::{EndpointKind, Visibility},
        schedule::{Concurrency, time_zones},
    },
    islands::Preview,
    web::{
        parts::{Choice, RadioCards, SelectField, SelectOption, TextField},
        paths,
    },
};

const INSPECT_FILLS: &str = "Where the program in the image listens. Inspect fills in the exposed port.";

impl Sheet<'_> {
    pub(super) fn settings(&self) -> AnyView {
        let (title, fields) = match self.kind {
            Kind::Service => ("First endpoint", self.endpoint()),
            Kind::WebApplication => ("Port", self.port()),
            Kind::ScheduledTask => ("Schedule", self.schedule()),
            Kind::ManualTask => ("Runs", view! { <p>"Nothing to set: arguments are given at run time, each time anew."</p> }.into_any()),
        };
        view! { <article class="card narrow"><header><h2>{title}</h2></header><section>{fields}</section></article> }.into_any()
    }

    fn endpoint(&self) -> AnyView {
        let kinds = EndpointKind::ALL.map(EndpointKind::as_str).map(same).into();
        let visibilities = Visibility::ALL.map(Visibility::as_str).map(same).into();
        let (port, problem) = (self.form.value("endpoint_port").to_owned(), |name: &str| self.form.problem(name));
        view! {
            <div class="field-row">
                <TextField name="endpoint_name" label="Endpoint name" value=self.or("endpoint_name", "default") problem=problem("endpoint_name") autocomplete="on"/>
                <TextField name="endpoint_port" label="Port" value=port problem=problem("endpoint_port") mono=true inputmode="numeric" autocomplete="on" help="Inspect fills in the exposed port."/>
                <SelectField name="endpoint_type" label="Type" options=kinds value=self.or("endpoint_type", "REST") problem=problem("endpoint_type")/>
                <TextField name="endpoint_context" label="Context" value=self.or("endpoint_context", "/") problem=problem("endpoint_context") mono=true autocomplete="on" help="Path; for REST, GraphQL and WS."/>
            </div>
            <SelectField name="endpoint_visibility" label="Network Visibility" options=visibilities value=self.or("endpoint_visibility", "Project") problem=problem("endpoint_visibility")
                help="Kept with the component. This version opens every endpoint inside the cluster and makes no public address yet."/>
        }
        .into_any()
    }

    fn port(&self) -> AnyView {
        let (port, problem) = (self.form.value("port").to_owned(), self.form.problem("port"));
        view! { <div class="short"><TextField name="port" label="Port" value=port problem=problem required=true mono=true inputmode="numeric" autocomplete="on" help=INSPECT_FILLS/></div> }
            .into_any()
    }

    fn schedule(&self) -> AnyView {
        let own_zone = self.request.time_zone();
        let (zone, problem) = (self.or("time_zone", own_zone.iana_name().unwrap_or("UTC")), |name: &str| self.form.problem(name));
        let policies = Concurrency::ALL.into_iter().map(policy).collect();
        let concurrency = self.or("concurrency", Concurrency::default().as_str());
        let is_right = ["cron", "time_zone", "concurrency"].into_iter().all(|name| problem(name).is_none());
        let said = is_right.then(|| schedule_preview(&Timing::of(self.form), self.request.app.context.now()));
        let watched = ["cron", "time_zone", "concurrency"].map(str::to_owned).into();
        let zones = time_zones().into_iter().map(|name| view! { <option value=name></option> }).collect_view();
        view! {
            <div class="previewed">
                <div class="field-row">
                    <TextField name="cron" label="Cron expression" value=self.form.value("cron").to_owned() problem=problem("cron") required=true mono=true autocomplete="on" help="Minute, hour, day of month, month, day of week: 30 6 * * 1-5. Or @hourly, @daily, @weekly, @monthly."/>
                    <TextField name="time_zone" label="Time zone" value=zone problem=problem("time_zone") list="time-zones" help="Such as Europe/Berlin, or UTC."/>
                </div>
                <datalist id="time-zones">{zones}</datalist>
                <Preview fragment=paths::fragments::schedule(self.organization) fields=watched>{said}</Preview>
            </div>
            <RadioCards name="concurrency" label="Concurrency policy" choices=policies value=concurrency problem=problem("concurrency")/>
        }
        .into_any()
    }

    pub(super) fn security(&self) -> AnyView {
        let profile = self.or("profile", SecurityProfile::default().as_str());
        let profile_was = self.or("profile_was", SecurityProfile::default().as_str());
        let choices = SecurityProfile::ALL.into_iter().map(|profile| Choice {
            value: profile.as_str().into(),
            label: profile.label().into(),
            help: profile.meaning().into(),
        });
        view! {
            <article class="card narrow">
                <header><h2>"Security"</h2></header>
                <section>
                    <input type="hidden" id="field-profile_was" name="profile_was" value=profile_was/>
                    <RadioCards name="profile" label="Security profile" choices=choices.collect() value=profile problem=self.form.problem("profile")/>
                </section>
            </article>
        }
        .into_any()
    }
}

fn same(word: &'static str) -> SelectOption {
    SelectOption { value: word.into(), label: word.into() }
}

fn policy(concurrency: Concurrency) -> Choice {
    Choice { value: concurrency.as_str().into(), label: concurrency.as_str().into(), help: concurrency.meaning().into() }
}
