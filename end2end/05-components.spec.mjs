// Finding, looking at, changing and deleting components: docs/guide, "Find, change and delete components".
import assert from 'node:assert/strict';
import {
  addRegistry, areWrong, button, createComponent, deployTag, fill, fitsPhone, go, holds, link, openListing, openTab,
  registries, reloadUntil, seeState, setUp, spec, submit,
} from './lib.mjs';

const registry = 'Acme open';
const greeter = { displayName: 'Greeter', name: 'greeter', registry, image: `${registries.open}/acme/greeter:1.0` };
const report = {
  type: 'Scheduled Task', displayName: 'Nightly report', registry, image: `${registries.open}/acme/tool:1.0`,
  fields: { 'Cron expression': '@daily', 'Time zone': 'UTC' },
};

/** An organization with a registry that answers, and these components. */
async function begin(page, console, ...components) {
  await setUp(page, console);
  await addRegistry(page, { name: registry, host: registries.open });
  for (const component of components) await createComponent(page, component);
}

const row = (page, name) => page.getByRole('row').filter({ has: link(page, name) });
const card = (page, name) => page.getByRole('article', { name, exact: true });

/** Fails unless the listing shows these components and no others. */
async function lists(page, names) {
  const shown = await page.getByRole('table', { name: 'Components' }).getByRole('row').getByRole('link').allInnerTexts();
  assert.deepEqual(shown, names);
}

spec('the listing is searched, filtered and cleared', async ({ page, console }) => {
  await begin(page, console, report, greeter);
  await deployTag(page, '1.1');
  await seeState(page, 'Development', 'Active');
  await openListing(page);
  await lists(page, ['Greeter', 'Nightly report']);
  await row(page, 'Greeter').getByText('Active', { exact: true }).waitFor();
  await row(page, 'Nightly report').getByText('Scheduled Task').waitFor();
  await fitsPhone(page);

  await fill(page, { Search: 'acme/tool' });
  await submit(page, 'Filter');
  await lists(page, ['Nightly report']);
  await holds(page, { Search: 'acme/tool' });
  await page.getByLabel('Type', { exact: true }).selectOption('Service');
  await submit(page, 'Filter');
  await page.getByRole('heading', { name: 'No component matches' }).waitFor();
  await fitsPhone(page);
  await go(page, link(page, 'Clear filters').first());
  await lists(page, ['Greeter', 'Nightly report']);

  await page.getByLabel('Type', { exact: true }).selectOption('Scheduled Task');
  await submit(page, 'Filter');
  await lists(page, ['Nightly report']);
  await go(page, link(page, 'Clear filters'));
  await page.getByLabel('Status', { exact: true }).selectOption('Active');
  await submit(page, 'Filter');
  await lists(page, ['Greeter']);
  await page.getByLabel('Status', { exact: true }).selectOption('Not deployed');
  await submit(page, 'Filter');
  await lists(page, ['Nightly report']);
});

spec('the overview tells what a component is, where it runs and what happened last', async ({ page, console }) => {
  await begin(page, console, report, greeter);
  await deployTag(page, '1.1');
  await seeState(page, 'Development', 'Active');
  await go(page, link(page, 'Overview'));
  await card(page, 'What it is').getByText(`${registries.open}/acme/greeter:1.1`).waitFor();
  await card(page, 'Where it runs').getByText(`${registries.open}/acme/greeter:1.1`).waitFor();
  await card(page, 'Where it runs').getByText('Not deployed').first().waitFor();
  await card(page, 'What happened last').getByRole('link', { name: /greeter:1\.1/ }).waitFor();
  await fitsPhone(page);

  await openListing(page);
  await go(page, link(page, report.displayName));
  assert.equal(await card(page, 'Next runs').getByRole('time').count(), 5);
  await card(page, 'What happened last').getByText('Nothing was deployed yet.').waitFor();
});

spec('settings are saved, and problems come back beside their fields', async ({ page, console }) => {
  await begin(page, console, greeter);
  await go(page, link(page, 'Settings'));
  await fitsPhone(page);
  const wrong = { 'Display name': 'A', 'Another repository for pipelines (optional)': greeter.image };
  await fill(page, wrong);
  await submit(page, 'Save');
  await areWrong(page, Object.keys(wrong));
  await holds(page, wrong);
  await fitsPhone(page);

  const right = {
    'Display name': 'Greeter two', 'Description (optional)': 'Says hello.',
    'Another repository for pipelines (optional)': `${registries.open}/acme/multi`,
  };
  await fill(page, right);
  await page.getByRole('radio', { name: 'Default', exact: true }).check();
  await submit(page, 'Save');
  await page.getByText('Greeter two was saved.').waitFor();
  await holds(page, right);
  assert.ok(await page.getByRole('radio', { name: 'Default', exact: true }).isChecked());
});

spec('a stale edit comes back with what was typed and what somebody else saved', async ({ page, console }) => {
  await begin(page, console, greeter);
  await go(page, link(page, 'Settings'));
  const tab = await openTab(page, page.url());
  await fill(tab, { 'Display name': 'Theirs' });
  await submit(tab, 'Save');

  await fill(page, { 'Display name': 'Mine' });
  await submit(page, 'Save');
  await page.getByText('Somebody else changed Theirs meanwhile.').waitFor();
  await holds(page, { 'Display name': 'Mine' });
  await page.getByText('Display name as saved meanwhile: Theirs').waitFor();
  await submit(page, 'Save');
  await page.getByText('Mine was saved.').waitFor();
});

spec('a component that was never deployed is deleted at once, by its name', async ({ page, console }) => {
  await begin(page, console, greeter);
  await go(page, link(page, 'Settings'));
  await go(page, link(page, 'Delete component'));
  await fill(page, { 'Type greeter to confirm': 'greet' });
  await submit(page, 'Delete component');
  await areWrong(page, ['Type greeter to confirm']);
  await page.getByText('Nothing of it runs now.').waitFor();
  await fitsPhone(page);
  await fill(page, { 'Type greeter to confirm': 'greeter' });
  await submit(page, 'Delete component');
  await page.getByText('Greeter was deleted.').waitFor();
  await page.getByRole('heading', { name: 'No components yet' }).waitFor();
});

/** Presses Tab until the focus is there. */
async function tabTo(page, target) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.and(page.locator(':focus')).count()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${target}`);
}

spec('a component is created by keyboard alone', async ({ page, console }) => {
  await begin(page, console);
  const enter = { click: () => page.keyboard.press('Enter') };
  const type = async (label, text) => {
    await tabTo(page, page.getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  };
  const radio = (name) => page.getByRole('radio', { name, exact: true });

  await openListing(page);
  await tabTo(page, link(page, 'Create'));
  await go(page, enter);
  await tabTo(page, link(page, 'Scheduled Task'));
  await go(page, enter);

  await type('Display name', 'Nightly report');
  await tabTo(page, radio('Docker Hub'));
  await page.keyboard.press('ArrowRight');
  assert.ok(await radio('Container Registry').isChecked());
  await type('Image URL', greeter.image);
  await type('Cron expression', '@daily');
  await tabTo(page, page.getByRole('radio', { name: 'Forbid', exact: true }));
  await page.keyboard.press('ArrowUp');
  assert.ok(await radio('Allow').or(radio('Replace')).and(page.locator(':checked')).count(), 'an arrow chooses another policy');
  await tabTo(page, radio('Default'));
  await page.keyboard.press('ArrowDown');
  assert.ok(await radio('Restricted').isChecked());

  await tabTo(page, button(page, 'Check answers'));
  await go(page, enter);
  await tabTo(page, button(page, 'Create component'));
  await go(page, enter);
  await page.getByText('Nightly report was created').waitFor();
});

spec('a component that runs is taken off the data plane, then it is gone', async ({ page, console }) => {
  await begin(page, console, greeter);
  const deploy = link(page, 'Deploy').first();
  if (await deploy.isVisible()) await go(page, deploy);
  await deployTag(page, '1.1');
  await seeState(page, 'Development', 'Active');
  await go(page, link(page, 'Settings'));
  await go(page, link(page, 'Delete component'));
  await page.getByText('This stops:').waitFor();
  await page.getByText(`${registries.open}/acme/greeter:1.1`).first().waitFor();
  await fitsPhone(page);
  await fill(page, { 'Type greeter to confirm': 'greeter' });
  await submit(page, 'Delete component');
  await page.getByText('Greeter is being deleted.').waitFor();
  await reloadUntil(page, page.getByRole('heading', { name: 'No components yet' }));
});
