// Creating a Service component from an image: docs/guide, "Create a component".
import assert from 'node:assert/strict';
import { addRegistry, chooseTag, createComponent, fill, fitsPhone, openCreate, registries, setUp, spec, submit, tagOption } from './lib.mjs';

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

spec('a tag is chosen from the repository, and nothing typed is lost', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await openCreate(page);
  const image = page.getByLabel('Image URL', { exact: true });
  await page.getByLabel('Registry', { exact: true }).selectOption({ label: `Acme open (${registries.open})` });
  await fill(page, { 'Display name': 'Greeter', 'Image URL': `${registries.open}/acme/greeter` });
  await chooseTag(page, '1.1');
  assert.equal(await image.inputValue(), `${registries.open}/acme/greeter:1.1`);
  assert.equal(await page.getByLabel('Display name', { exact: true }).inputValue(), 'Greeter');
  await fitsPhone(page);
  if (!page.javaScript) return;
  // By keyboard: the list opens, is filtered by what is typed of the tag, and the arrow and Enter choose.
  await image.press('ArrowDown');
  await tagOption(page, 'latest').waitFor();
  await image.fill(`${registries.open}/acme/greeter:1.2`);
  await tagOption(page, 'latest').waitFor({ state: 'detached' });
  await fitsPhone(page);
  await image.press('ArrowDown');
  await image.press('Enter');
  assert.equal(await image.inputValue(), `${registries.open}/acme/greeter:1.2-crash`);
  await page.locator('[data-preview]').getByText('1.2-crash').waitFor();
});
