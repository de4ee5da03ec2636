// Endpoints of a Service, by form and as text: docs/guide, "Endpoints" and "The YAML editor".
import assert from 'node:assert/strict';
import {
  addRegistry, areWrong, axe, createComponent, fill, fitsPhone, go, holds, link, registries, setUp, spec, submit,
} from './lib.mjs';

/** A Service of acme/greeter, and the page of its endpoints. */
async function openEndpoints(page, console) {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await createComponent(page, {
    displayName: 'Greeter', name: 'greeter', registry: 'Acme open', image: `${registries.open}/acme/greeter:1.0`,
  });
  await go(page, `${console.url}/organizations/acme/projects/storefront/components/greeter/deploy/endpoints`);
}

const row = (page, name) => page.getByRole('table', { name: 'Endpoints' }).getByRole('row').filter({ hasText: name });

spec('an endpoint is added, changed and deleted by its form', async ({ page, console }) => {
  await openEndpoints(page, console);
  await go(page, link(page, 'Add endpoint'));
  await fill(page, { Name: 'graph', Port: '70000' });
  await page.getByLabel('Type', { exact: true }).selectOption('GraphQL');
  await fill(page, { Context: '/graphql' });
  await page.getByRole('radio', { name: 'Organization' }).check();
  await fitsPhone(page);
  await submit(page, 'Add endpoint');
  await areWrong(page, ['Port']);
  await holds(page, { Name: 'graph', Context: '/graphql' });
  await fill(page, { Port: '4000' });
  await submit(page, 'Add endpoint');
  assert.match(await row(page, 'graph').innerText(), /4000[\s\S]*GraphQL[\s\S]*Organization/);

  await go(page, row(page, 'graph').getByRole('link', { name: 'Edit' }));
  await fill(page, { Port: '4001' });
  await submit(page, 'Update');
  assert.match(await row(page, 'graph').innerText(), /4001/);

  await go(page, row(page, 'graph').getByRole('link', { name: 'Delete' }));
  await submit(page, 'Delete endpoint');
  assert.equal(await row(page, 'graph').count(), 0);
});

const wrong = `# Kept as it is.
version: 0.1
endpoints:
  - name: greeting
    port: 9090
    type: RESTful
    context: /greeting
    networkVisibility: Public
`;

spec('endpoints.yaml says what is wrong with line and column, and is deployed as it was written', async ({ page, console }) => {
  await openEndpoints(page, console);
  await go(page, link(page, 'Create/Update Endpoints'));
  const editor = page.getByRole('textbox', { name: 'Endpoints', exact: true }).or(page.getByRole('combobox', { name: 'Endpoints', exact: true }));
  await editor.fill(wrong);
  const problem = page.getByText(/type must be one of REST, GraphQL, GRPC, WS, TCP and UDP/).first();
  // While one types with JavaScript, on Save without.
  if (!page.javaScript) await submit(page, 'Save');
  await problem.waitFor();
  assert.equal(await editor.inputValue(), wrong);
  await axe(page);
  if (page.javaScript) {
    // By keyboard: the value's completions, the second of them, and Tab leaves the editor.
    await editor.fill(wrong.replace('RESTful', ''));
    await editor.evaluate((area) => { const at = area.value.indexOf('type: ') + 6; area.setSelectionRange(at, at); });
    await editor.press('Control+Space');
    await page.getByRole('option', { name: /^REST/ }).waitFor();
    await axe(page);
    await editor.press('Escape');
    await page.getByRole('option', { name: /^REST/ }).waitFor({ state: 'hidden' });
    await editor.press('Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  }
  await editor.fill(wrong.replace('RESTful', 'REST'));
  await submit(page, 'Save');
  assert.match(await row(page, 'greeting').innerText(), /9090[\s\S]*REST[\s\S]*Public/);
  await go(page, link(page, 'Create/Update Endpoints'));
  assert.match(await editor.inputValue(), /^# Kept as it is\./);
});

spec('a schema file is uploaded, checked, and makes an endpoint', async ({ page, console }) => {
  await openEndpoints(page, console);
  const files = page.getByLabel('Add schema files');
  const upload = (name, text) => files.setInputFiles({ name, mimeType: 'text/yaml', buffer: Buffer.from(text) });
  await upload('broken.yaml', 'openapi: 3.1.0\ninfo:\n  version: "1"\npaths: {}\n');
  await submit(page, 'Upload');
  await page.getByText(/broken\.yaml, line 3, column 3: title is missing/).first().waitFor();
  await upload('orders.yaml', 'openapi: 3.1.0\ninfo:\n  title: Orders\n  version: "1"\nservers:\n  - url: http://localhost:8085/orders\npaths:\n  /all:\n    get: {}\n');
  await submit(page, 'Upload');
  await page.getByText('OpenAPI 3.1, 1 path').first().waitFor();
  await go(page, page.getByRole('link', { name: 'Endpoint from this file' }));
  await holds(page, { Port: '8085', Context: '/orders' });
  await submit(page, 'Add endpoint');
  assert.match(await row(page, 'rders').innerText(), /8085[\s\S]*orders\.yaml/);
});
