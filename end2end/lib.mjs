// What a person does in the console, in the product's own words: each verb goes by role and label, checks each page it
// comes to by axe, and ends where the result is seen. Specs are made of these; they own no waiting and no selectors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe, patience, startBrowser } from './browser.mjs';
import { registries, startConsole } from './server.mjs';

export { axe, registries };

/** Where the picture of a page lies at which a spec failed. */
const results = fileURLToPath(new URL('test-results', import.meta.url));

export const admin = { email: 'ada@example.com', password: 'correct horse battery' };
export const organization = 'Acme';
export const project = 'Storefront';

let browser;
before(async () => { browser = await startBrowser(); });
after(() => browser?.close());

/**
 * A spec: runs `body({ page, console })` twice, each time on a console of its own, as a person with JavaScript
 * and as one without. `environment` adds to the console's variables.
 */
export function spec(name, body, environment = {}) {
  for (const javaScript of [true, false]) {
    test(`${name}, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 120_000 }, async () => {
      const console = await startConsole(environment);
      const page = await browser.open(javaScript);
      page.javaScript = javaScript;
      try {
        await body({ page, console });
      } catch (problem) {
        await page.screenshot({ path: `${results}/${name.slice(0, 40).replace(/\W+/g, '-')}-${javaScript}.png` });
        throw problem;
      } finally {
        await page.context().close();
        await console.stop();
      }
    });
  }
}

/** Goes to an address, or follows a link or a button that leads to another page; the page that comes is checked. */
export async function go(page, to) {
  if (typeof to === 'string') await page.goto(to);
  else await Promise.all([page.waitForEvent('load'), to.click()]);
  await axe(page);
}

export const link = (scope, name) => scope.getByRole('link', { name, exact: true });
export const button = (scope, name) => scope.getByRole('button', { name, exact: true });
export const linkOrButton = (scope, name) => link(scope, name).or(button(scope, name)).first();

/** Fills text fields by their labels. */
export async function fill(scope, fields) {
  for (const [label, value] of Object.entries(fields)) await scope.getByLabel(label, { exact: true }).fill(value);
}

/** Presses a button that submits a form; the page with the answer is checked. */
export const submit = (page, name, scope = page) => go(page, button(scope, name));

/** Waits until something is seen. With JavaScript the page must show it by itself; without, the person reloads. */
export const see = (page, what) => (page.javaScript ? what.waitFor() : reloadUntil(page, what));

/** Waits until something is seen on a page that never changes by itself. */
export async function reloadUntil(page, what) {
  const end = Date.now() + patience;
  while (!(await what.isVisible())) {
    if (Date.now() > end) throw new Error(`${what} is not on ${page.url()}:\n${await page.locator('main').innerText()}`);
    await page.reload();
  }
}

/** The first person: opens the printed link and makes the first admin, the organization and its first project. */
export async function setUp(page, { setupLink }) {
  await go(page, setupLink);
  const proceed = button(page, 'Continue');
  if (await proceed.isVisible()) await go(page, proceed);
  await fill(page, { Email: admin.email, Password: admin.password, Organization: organization, Project: project });
  await submit(page, 'Create');
  await link(page, project).first().waitFor();
}

export async function signIn(page, { url }, { email, password } = admin) {
  await go(page, url);
  await fill(page, { Email: email, Password: password });
  await submit(page, 'Sign in');
}

/** Settings > Credentials > Container Registries. */
export async function openRegistries(page) {
  await go(page, link(page, 'Slipway'));
  await go(page, link(page, 'Credentials').first());
  await page.getByRole('heading', { name: 'Credentials' }).waitFor();
}

/** Add Registry: the tile of a vendor, then the form for it. */
export async function chooseVendor(page, vendor) {
  await go(page, link(page, 'Add Registry').first());
  await go(page, link(page, vendor));
}

/** Fills the panel of a new registry. With a username it is one behind a login, else a public one. */
export async function describeRegistry(page, { name, host, username, password }) {
  await chooseVendor(page, 'Other registry');
  await page.getByRole('radio', { name: username ? 'Basic' : 'Public' }).check();
  await fill(page, { 'Registry Display Name': name, 'Registry host': host });
  if (username) await fill(page, { Username: username, 'Password or token': password });
}

/** The page of a registry, from the list. */
export async function openRegistry(page, name) {
  await openRegistries(page);
  await go(page, link(page, name));
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

/** What `docker login` writes. */
export const dockerConfig = (host, username, password) =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } } });

/** What the Last check card says of a registry. */
export const lastCheck = (page) => page.getByRole('article', { name: 'Last check' });

/** Tries the registry that the panel describes: in place with JavaScript, by the page that comes back without. */
export async function testConnection(page) {
  if (page.javaScript) await button(page, 'Test connection').click();
  else await submit(page, 'Test connection');
}

export async function addRegistry(page, registry) {
  await openRegistries(page);
  await describeRegistry(page, registry);
  await submit(page, 'Save');
  await page.getByRole('row', { name: registry.name }).waitFor();
}

/** The Component Listing of the project. */
export async function openListing(page) {
  await go(page, link(page, 'Slipway'));
  await go(page, link(page.getByRole('main'), project).first());
}

/** + Create: the cards of the types. */
export async function openTypes(page) {
  await openListing(page);
  await go(page, link(page, 'Create'));
}

/** + Create, then the card of a type: its form. */
export async function openCreate(page, type = 'Service') {
  await openTypes(page);
  await go(page, link(page, type));
}

/** Chooses a tab of the source, then one of its registries. */
export async function chooseRegistry(page, name, source = 'Container Registry') {
  await page.getByRole('radio', { name: source, exact: true }).check();
  const select = page.getByLabel(source === 'Docker Hub' ? 'Docker Hub registry' : 'Registry', { exact: true });
  await select.selectOption(await select.getByRole('option', { name }).first().getAttribute('value'));
}

/** Fills in the form of a component. `fields` are those that only some types have. */
export async function describeComponent(page, { displayName, name = '', registry, source, image, fields = {} }) {
  await chooseRegistry(page, registry, source);
  await fill(page, { 'Display name': displayName, Name: name, 'Image URL': image, ...fields });
}

/** Asks the registry about the image: in place with JavaScript, by another page without. */
export async function inspect(page) {
  if (page.javaScript) await button(page, 'Inspect').click();
  else await submit(page, 'Inspect');
  await imageSays(page).waitFor();
}

/** What the image says about itself, on the form and on the page of the answers. */
export const imageSays = (page) => page.getByRole('region', { name: 'What the image says' });

/** The answer of the page Check your answers that `Change <what>` leads back from. */
export const answer = (page, what) => page.locator('dl > div').filter({ has: link(page, `Change ${what}`) });

/** Goes on from the form to the page of the answers. */
export async function checkAnswers(page) {
  await submit(page, 'Check answers');
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
}

/** Makes the component whose answers are shown. */
export async function confirmAnswers(page, { displayName }) {
  await submit(page, 'Create component');
  await page.getByText(`${displayName} was created`).waitFor();
}

/** Creates a component from an image, from the project's page: + Create, its type, the form, the answers. */
export async function createComponent(page, component) {
  await openCreate(page, component.type);
  await describeComponent(page, component);
  await inspect(page);
  await checkAnswers(page);
  await confirmAnswers(page, component);
}

/** Fails unless the fields have these values, by their labels. */
export async function holds(page, fields) {
  for (const [label, value] of Object.entries(fields)) {
    assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), value, label);
  }
}

/** Fails unless the fields are marked as wrong. */
export async function areWrong(page, labels) {
  for (const label of labels) {
    assert.equal(await page.getByLabel(label, { exact: true }).getAttribute('aria-invalid'), 'true', `${label} is marked`);
  }
}

/** The same person in a second tab. */
export async function openTab(page, address) {
  const tab = await page.context().newPage();
  Object.assign(tab, { checker: page.checker, errors: page.errors, javaScript: page.javaScript });
  await go(tab, address);
  return tab;
}

/** Opens the menu of the person and signs out. */
export async function signOut(page) {
  await page.locator('summary', { hasText: `Signed in as ${admin.email}` }).click();
  await submit(page, 'Sign out');
}

/** The options of the picker that start with a tag, as far as the list is open. */
export const tagOption = (page, tag) => page.getByRole('option').filter({ hasText: tag }).first();

/** Chooses a tag of the repository by mouse: in the list with JavaScript, on the page of the tags without. */
export async function chooseTag(page, tag) {
  const choose = button(page, "Choose from the repository's tags");
  if (!page.javaScript) {
    await go(page, choose);
    return go(page, link(page.getByRole('main'), tag));
  }
  if (!(await tagOption(page, tag).isVisible())) await choose.click();
  await tagOption(page, tag).waitFor();
  await axe(page);
  await tagOption(page, tag).click();
}

/** Fails if the page has to be scrolled sideways on a small phone. */
export async function fitsPhone(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  if (page.javaScript) assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, `${page.url()} at 320 px`);
  await axe(page);
  await page.setViewportSize(before);
}

export async function openUpdateImage(page) {
  await go(page, linkOrButton(page, 'Update Image & Deploy'));
  await page.getByRole('radio', { name: 'Update Image Tag' }).check();
}

/** Deploys a tag of the component's image from its Deploy page. */
export async function deployTag(page, tag) {
  await openUpdateImage(page);
  await fill(page, { Tag: tag });
  await submit(page, 'Deploy');
}

/** The card of an environment on the Deploy page. */
export const environmentCard = (page, name) => page.getByRole('region', { name });

/** Waits for the state that an environment's card shows in its head. */
export const seeState = (page, environment, state) =>
  see(page, environmentCard(page, environment).locator('header').getByText(state, { exact: true }));
