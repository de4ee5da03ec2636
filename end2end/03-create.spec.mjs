// Creating a Service component from an image: docs/guide, "Create a component".
import assert from 'node:assert/strict';
import { addRegistry, createComponent, fill, openCreate, registries, setUp, spec, submit } from './lib.mjs';

const greeter = { displayName: 'Greeter', name: 'greeter', registry: 'Acme open', image: `${registries.open}/acme/greeter:1.0` };

spec('a component is made from an image, and the exposed port becomes its endpoint', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await createComponent(page, greeter);
});

spec('all problems of the form come at once, each beside its field, and nothing typed is lost', async ({ page, console }) => {
  await setUp(page, console);
  await openCreate(page);
  await fill(page, { 'Display name': 'A', Name: 'Not A Name', 'Image URL': 'UPPER/case:1.0' });
  await submit(page, 'Create');
  for (const label of ['Display name', 'Name', 'Image URL']) {
    const field = page.getByLabel(label, { exact: true });
    assert.equal(await field.getAttribute('aria-invalid'), 'true', `${label} is marked`);
  }
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Not A Name');
  assert.equal(await page.getByLabel('Image URL', { exact: true }).inputValue(), 'UPPER/case:1.0');
});
