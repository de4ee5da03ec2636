// Creating a component of each type, and what the form knows of names and images: docs/guide, "Create a component".
import assert from 'node:assert/strict';
import {
  addRegistry, answer, areWrong, axe, button, checkAnswers, chooseRegistry, chooseTag, confirmAnswers, createComponent, describeComponent, fill,
  fitsPhone, go, holds, imageSays, inspect, link, openCreate, openTypes, registries, setUp, spec, submit, tagOption,
} from './lib.mjs';

const registry = 'Acme open';
const imageUrl = (image) => `${registries.open}/acme/${image}`;
const greeter = { displayName: 'Greeter', name: 'greeter', registry, image: imageUrl('greeter:1.0') };

/** An organization with a registry that answers. */
async function begin(page, console) {
  await setUp(page, console);
  await addRegistry(page, { name: registry, host: registries.open });
}

/** The same, with the form of a type open. */
async function beginForm(page, console, type) {
  await begin(page, console);
  await openCreate(page, type);
}

const radio = (page, name) => page.getByRole('radio', { name, exact: true });
const nextRuns = (page) => page.getByRole('list').filter({ has: page.getByRole('time') }).getByRole('listitem');

spec('a Service is created, with what the image says of itself', async ({ page, console }) => {
  await beginForm(page, console);
  await describeComponent(page, { ...greeter, fields: { Description: 'Says hello.' } });
  await inspect(page);
  await axe(page);
  await holds(page, { Port: '8080', Context: '/', 'Endpoint name': 'default' });
  assert.ok(await radio(page, 'Restricted').isChecked(), 'a numeric user preselects the restricted profile');
  await imageSays(page).getByText('Runs as user 10014, which is not root: the restricted profile fits.').waitFor();
  await imageSays(page).getByText('linux/amd64').waitFor();
  await fitsPhone(page);

  await checkAnswers(page);
  assert.match(await answer(page, 'endpoint').innerText(), /default: REST on 8080 at \/, Project/);
  assert.match(await answer(page, 'description').innerText(), /Says hello\./);
  if (page.javaScript) await imageSays(page).waitFor();
  await fitsPhone(page);
  await confirmAnswers(page, greeter);
});

spec('a Web Application is created on the port that the image exposes', async ({ page, console }) => {
  await beginForm(page, console, 'Web Application');
  await describeComponent(page, { displayName: 'Web shop', registry, image: imageUrl('greeter:1.0') });
  await inspect(page);
  await holds(page, { Port: '8080' });
  await fitsPhone(page);
  await checkAnswers(page);
  assert.match(await answer(page, 'name').innerText(), /web-shop/, 'the display name suggests it');
  assert.match(await answer(page, 'port').innerText(), /8080/);
  await confirmAnswers(page, { displayName: 'Web shop' });
});

spec('a Scheduled Task is created, its schedule read in words', async ({ page, console }) => {
  await beginForm(page, console, 'Scheduled Task');
  const fields = { 'Cron expression': '30 6 * * 1-5', 'Time zone': 'Europe/Berlin' };
  await describeComponent(page, { displayName: 'Nightly report', registry, image: imageUrl('greeter:1.0'), fields });
  if (page.javaScript) {
    await page.getByText('At 06:30, Monday to Friday').waitFor();
    assert.equal(await nextRuns(page).count(), 5);
  }
  await radio(page, 'Replace').check();
  await fitsPhone(page);

  await checkAnswers(page);
  await page.getByText('At 06:30, Monday to Friday').waitFor();
  const runs = await nextRuns(page).allInnerTexts();
  assert.equal(runs.length, 5);
  for (const run of runs) assert.match(run, /^(Mon|Tue|Wed|Thu|Fri) .*, 06:30 \+0[12]:00$/);
  assert.match(await answer(page, 'concurrency policy').innerText(), /Replace/);
  await confirmAnswers(page, { displayName: 'Nightly report' });
});

spec('a Manual Task is created from an image that runs as root and has only a command', async ({ page, console }) => {
  await beginForm(page, console, 'Manual Task');
  await describeComponent(page, { displayName: 'Migration', registry, image: imageUrl('tool:1.0') });
  await inspect(page);
  await imageSays(page).getByText('Runs as root: the default profile lets it, the restricted one would not.').waitFor();
  await imageSays(page).getByText('The image has only CMD: arguments would replace it.').waitFor();
  assert.ok(await radio(page, 'Default').isChecked());
  await fitsPhone(page);
  await checkAnswers(page);
  assert.match(await answer(page, 'security profile').innerText(), /Default/);
  await confirmAnswers(page, { displayName: 'Migration' });
});

spec('a profile that a person chose stays, whatever Inspect finds', async ({ page, console }) => {
  await beginForm(page, console);
  await describeComponent(page, greeter);
  await inspect(page);
  await radio(page, 'Default').check();
  await inspect(page);
  assert.ok(await radio(page, 'Default').isChecked());
});

spec('all problems of the form come at once, each beside its field, and nothing typed is lost', async ({ page, console }) => {
  await beginForm(page, console);
  const wrong = {
    'Display name': 'A', Name: 'Not A Name', Description: 'long '.repeat(210), 'Image URL': 'UPPER/case:1.0', Port: '0', Context: 'api',
  };
  await fill(page, wrong);
  await submit(page, 'Check answers');
  await areWrong(page, Object.keys(wrong));
  await holds(page, { ...wrong, Description: wrong.Description });
  const summary = page.getByRole('alert');
  assert.equal(await summary.getByRole('link').count(), Object.keys(wrong).length);
  assert.match(await page.title(), /^Error: /);
  await fitsPhone(page);

  await fill(page, { 'Display name': 'Greeter', Name: '', Description: '', Port: '8080', Context: '/' });
  await chooseRegistry(page, registry);
  await fill(page, { 'Image URL': greeter.image });
  await checkAnswers(page);
});

spec('a name that the project has already is refused beside the field', async ({ page, console }) => {
  await begin(page, console);
  await createComponent(page, greeter);
  await openCreate(page);
  await describeComponent(page, { ...greeter, name: '', fields: { Port: '8080' } });
  if (page.javaScript) {
    await page.getByText('The project already has a component named greeter.').waitFor();
    await fill(page, { 'Display name': 'Greeter two' });
    await page.getByText('It will be greeter-two, which is free.').waitFor();
    assert.equal(await page.getByLabel('Name', { exact: true }).getAttribute('placeholder'), 'greeter-two');
    await fill(page, { 'Display name': 'Greeter' });
  }
  await submit(page, 'Check answers');
  await page.getByText('The project already has a component named greeter. Choose another name.').first().waitFor();
  await areWrong(page, ['Name']);
  await fill(page, { Name: 'greeter-two' });
  await checkAnswers(page);
  assert.match(await answer(page, 'name').innerText(), /greeter-two/);
});

spec('what was copied from Docker Hub is understood, and the page says how', async ({ page, console }) => {
  await setUp(page, console);
  await openCreate(page);
  await readAs(page, 'https://hub.docker.com/r/acme/greeter', 'The address of a web page was read as the image docker.io/acme/greeter.');
  await readAs(page, 'docker pull nginx:1.29', 'Only the image was taken from the command.');
  await readAs(page, 'nginx', "No owner was given: Docker Hub's official image library/nginx is meant.");
  await page.getByText('No tag was given: latest is meant.').waitFor();
});

/** Types an image; what is said of it comes while one types or, without JavaScript, with the page that comes back. */
async function readAs(page, image, note) {
  await fill(page, { 'Image URL': image });
  if (!page.javaScript) await submit(page, 'Check answers');
  await page.getByText(note).waitFor();
  await holds(page, { 'Image URL': image });
}

spec('a pasted command is read on the page of the answers, and a host that is not the registry’s names both', async ({ page, console }) => {
  await beginForm(page, console, 'Manual Task');
  await describeComponent(page, { ...greeter, image: 'ghcr.io/acme/greeter:1.0' });
  await submit(page, 'Check answers');
  await areWrong(page, ['Image URL']);
  const sentence = `The image is at ghcr.io, but the registry ${registry} is ${registries.open}.`;
  await page.getByRole('alert').getByText(sentence).waitFor();

  await fill(page, { 'Image URL': `docker pull https://${greeter.image}` });
  await checkAnswers(page);
  await page.getByText('Only the image was taken from the command.').waitFor();
  await page.getByText('An image reference has no scheme: https:// was left out.').waitFor();
  assert.match(await answer(page, 'image').innerText(), new RegExp(greeter.image));
});

spec('a tag is chosen from the repository, and nothing typed is lost', async ({ page, console }) => {
  await beginForm(page, console);
  await describeComponent(page, { ...greeter, image: imageUrl('greeter'), fields: { Port: '9090' } });
  await chooseTag(page, '1.1');
  await holds(page, { 'Image URL': imageUrl('greeter:1.1'), 'Display name': 'Greeter', Port: '9090' });
  await fitsPhone(page);
  if (!page.javaScript) return;
  // By keyboard: the list opens, is filtered by what is typed of the tag, and the arrow and Enter choose.
  const image = page.getByLabel('Image URL', { exact: true });
  await image.press('ArrowDown');
  await tagOption(page, 'latest').waitFor();
  await image.fill(imageUrl('greeter:1.2'));
  await tagOption(page, 'latest').waitFor({ state: 'detached' });
  await fitsPhone(page);
  await image.press('ArrowDown');
  await image.press('Enter');
  assert.equal(await image.inputValue(), imageUrl('greeter:1.2-crash'));
  await page.getByRole('definition').getByText('1.2-crash').waitFor();
});

/** A form in which nothing is as it began. */
const filled = {
  'Display name': 'Greeter', Name: 'greets', Description: 'Says hello.', 'Image URL': greeter.image, 'Endpoint name': 'front', Port: '9090',
  Context: '/api', Type: 'GraphQL', 'Network Visibility': 'Organization',
};

async function fillAll(page) {
  const { Type, 'Network Visibility': visibility, ...texts } = filled;
  await chooseRegistry(page, registry);
  await page.getByLabel('Type', { exact: true }).selectOption(Type);
  await page.getByLabel('Network Visibility', { exact: true }).selectOption(visibility);
  await radio(page, 'Restricted').check();
  await fill(page, texts);
}

/** Fails unless the form is as `fillAll` left it. */
async function holdsAll(page) {
  await holds(page, filled);
  assert.ok(await radio(page, 'Container Registry').isChecked());
  assert.ok(await radio(page, 'Restricted').isChecked());
}

spec('Change leads back to the field, with everything kept', async ({ page, console }) => {
  await beginForm(page, console);
  await fillAll(page);
  await checkAnswers(page);
  await go(page, link(page, 'Change image'));
  await holdsAll(page);
  assert.equal(new URL(page.url()).hash, `#${await page.getByLabel('Image URL', { exact: true }).getAttribute('id')}`);

  await checkAnswers(page);
  await go(page, link(page, 'Change type'));
  await go(page, link(page, 'Manual Task'));
  await holds(page, { 'Display name': 'Greeter', Name: 'greets', Description: 'Says hello.', 'Image URL': greeter.image });
  await submit(page, 'Change type');
  await go(page, link(page, 'Service'));
  await holdsAll(page);
});

spec('reload and Back keep everything', async ({ page, console }) => {
  await beginForm(page, console);
  await fillAll(page);
  if (page.javaScript) {
    // The address is written a moment after the last key, which was in Context.
    await page.waitForURL(/endpoint_context=%2Fapi/);
    await page.reload();
    await holdsAll(page);
    await go(page, link(page, 'Component Listing'));
    await page.goBack();
    await holdsAll(page);
  }
  await checkAnswers(page);
  await page.reload();
  assert.match(await answer(page, 'endpoint').innerText(), /front: GraphQL on 9090 at \/api, Organization/);
  await page.goBack();
  await holdsAll(page);
  await page.goForward();
  await go(page, link(page, 'Back'));
  await holdsAll(page);
  await page.reload();
  await holdsAll(page);
});

spec('a registry is added from the form, which comes back with everything kept', async ({ page, console }) => {
  await setUp(page, console);
  await openCreate(page);
  const texts = { 'Display name': 'Greeter', Description: 'Says hello.', 'Image URL': greeter.image, Port: '9090' };
  await fill(page, texts);
  await radio(page, 'Container Registry').check();
  await fitsPhone(page);
  await submit(page, 'Add Registry');
  await go(page, link(page, 'Other registry'));
  await radio(page, 'Public').check();
  await fill(page, { 'Registry Display Name': registry, 'Registry host': registries.open });
  await submit(page, 'Save');

  await holds(page, texts);
  assert.ok(await radio(page, 'Container Registry').isChecked());
  assert.match(await page.getByRole('option', { name: registry }).innerText(), new RegExp(registries.open));
  await checkAnswers(page);
  assert.match(await answer(page, 'registry').innerText(), new RegExp(`${registry} \\(${registries.open}\\)`));
});

spec('a sample fills the form in', async ({ page, console }) => {
  await begin(page, console);
  await openTypes(page);
  await fitsPhone(page);
  await go(page, link(page, 'Hello page'));
  await holds(page, { 'Display name': 'Hello page', 'Image URL': greeter.image, Port: '8080' });
  await checkAnswers(page);
  assert.match(await answer(page, 'type').innerText(), /Web Application/);
  await confirmAnswers(page, { displayName: 'Hello page' });
}, { SLIPWAY_SAMPLES: `Hello page ${greeter.image} 8080` });
