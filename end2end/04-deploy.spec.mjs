// The main job, from an empty console to a running image: docs/guide, "Deploy". Also makes the README's picture.
import { fileURLToPath } from 'node:url';
import { addRegistry, admin, axe, createComponent, deployTag, go, linkOrButton, registries, seeState, setUp, signIn, signOut, spec } from './lib.mjs';

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
