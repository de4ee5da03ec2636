//! A table in its card. Where there is no room beside each other its cells stack, each with the name of its column.

use leptos::prelude::*;

/// A table with a header. `rows` have one cell for each of the `columns`, the name of the row first.
#[component]
pub fn Table(#[prop(into)] label: String, columns: Vec<String>, rows: Vec<Vec<AnyView>>) -> impl IntoView {
    let heads = columns.iter().map(|name| view! { <th scope="col" role="columnheader">{name.clone()}</th> }).collect_view();
    let rows = rows.into_iter().map(|cells| row(&columns, cells)).collect_view();
    view! {
        <div class="card table">
            // The roles survive the stacking, which changes how the elements are displayed.
            <table class="stack" role="table" aria-label=label>
                <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn row(columns: &[String], cells: Vec<AnyView>) -> AnyView {
    let cells = columns
        .iter()
        .zip(cells)
        .map(|(name, cell)| view! { <td role="cell" data-label=name.clone()><div>{cell}</div></td> })
        .collect_view();
    view! { <tr role="row">{cells}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_carries_the_name_of_its_column() {
        let html = Owner::new()
            .with(|| view! { <Table label="Registries" columns=vec!["Host".into()] rows=vec![vec!["<b>".into_any()]]/> }.to_html());
        assert!(html.contains(r#"data-label="Host""#) && html.contains("&lt;b&gt;"), "{html}");
    }
}
