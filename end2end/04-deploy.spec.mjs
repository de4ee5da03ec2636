// The main job, from an empty console to a running image: docs/guide, "Deploy". Also makes the README's picture.
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import {
  addRegistry, admin, axe, chooseTag, createComponent, deployTag, fitsPhone, go, linkOrButton, openUpdateImage, registries, seeState, setUp,
  signIn, signOut, spec, tagOption,
} from './lib.mjs';

const picture = fileURLToPath(new URL('../docs/picture.png', import.meta.url));

spec('an image from a registry behind a login is deployed and becomes Active, and a crash says why', async ({ page, console }) => {
  await setUp(page, console);
  await signOut(page);
  await signIn(page, console, admin);
  await addRegistry(page, { name: 'Acme private', host: registries.private, username: 'tester', password: 'secret' });
  await createComponent(page, {
    displayName: 'Greeter', name: 'greeter', registry: 'Acme private', image: `${registries.private}/acme/greeter:1.0`,
  });
  const deploy = page.getByRole('link', { name: 'Deploy', exact: true }).first();
  if (await deploy.isVisible()) await go(page, deploy);

  await deployTag(page, '1.1');
  await seeState(page, 'Development', 'Active');
  await axe(page);
  if (page.javaScript && process.env.SLIPWAY_PICTURE) await page.screenshot({ path: picture });

  await deployTag(page, '1.2-crash');
  await seeState(page, 'Development', 'Failed');
  await axe(page);
});

spec('the tag to deploy is chosen from the repository', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await createComponent(page, {
    displayName: 'Greeter', name: 'greeter', registry: 'Acme open', image: `${registries.open}/acme/greeter:1.0`,
  });
  await openUpdateImage(page);
  const tag = page.getByLabel('Tag', { exact: true });
  if (page.javaScript) {
    await tagOption(page, 'In use').waitFor();
    assert.match(await tagOption(page, 'In use').innerText(), /^1\.0/);
    await fitsPhone(page);
    // By keyboard. Escape closes the list and leaves what is typed; the next one closes the panel.
    await tag.fill('1.2');
    await tagOption(page, 'latest').waitFor({ state: 'detached' });
    await tag.press('ArrowDown');
    assert.equal(await tag.getAttribute('aria-activedescendant'), await tagOption(page, '1.2-crash').getAttribute('id'));
    await axe(page);
    await tag.press('Escape');
    assert.equal(await tag.getAttribute('aria-expanded'), 'false');
    assert.equal(await tag.inputValue(), '1.2');
    await tag.press('ArrowDown');
    await tag.press('ArrowDown');
    await tag.press('Enter');
    assert.equal(await tag.inputValue(), '1.2-crash');
  }
  await chooseTag(page, '1.1');
  assert.equal(await tag.inputValue(), '1.1');
  await go(page, { click: () => tag.press('Enter') });
  await seeState(page, 'Development', 'Active');
});
