// From environment to environment: docs/guide, "Promote, stop and roll back" and "Follow a deployment".
import assert from 'node:assert/strict';
import {
  addRegistry, axe, button, createComponent, deployTag, environmentCard, fill, fitsPhone, go, link, openUpdateImage, registries, see, seeState,
  setUp, spec, submit,
} from './lib.mjs';

/** A Service of acme/greeter with 1.1 Active in Development, on its Deploy page. */
async function openDeployed(page, console) {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await addRegistry(page, { name: 'Acme private', host: registries.private, username: 'tester', password: 'secret' });
  await createComponent(page, {
    displayName: 'Greeter', name: 'greeter', registry: 'Acme open', image: `${registries.open}/acme/greeter:1.0`,
  });
  await go(page, `${console.url}/organizations/acme/projects/storefront/components/greeter/deploy`);
  await deployTag(page, '1.1');
  await seeState(page, 'Development', 'Active');
}

const development = (page) => environmentCard(page, 'Development');

spec('what runs is promoted, stopped, started and rolled back', async ({ page, console }) => {
  await openDeployed(page, console);
  await fitsPhone(page);
  await go(page, link(development(page), 'Promote to Production'));
  await submit(page, 'Promote to Production');
  await seeState(page, 'Production', 'Active');

  await go(page, link(development(page), 'Stop'));
  await submit(page, 'Stop in Development');
  await seeState(page, 'Development', 'Stopped');
  await submit(page, 'Start', development(page));
  await seeState(page, 'Development', 'Active');

  await deployTag(page, '1.0');
  await seeState(page, 'Development', 'Active');
  await see(page, development(page).getByText(/greeter:1\.0/).first());
  await go(page, link(development(page), 'Roll back'));
  await go(page, page.getByRole('dialog').or(page.getByRole('main')).getByRole('link', { name: /greeter:1\.1/ }).first());
  await fill(page, { 'Reason (optional)': 'Greets the wrong planet' });
  await submit(page, 'Roll back');
  await see(page, development(page).getByText(/greeter:1\.1/).first());
  await seeState(page, 'Development', 'Active');
  await axe(page);

  await go(page, link(development(page), 'History'));
  await page.getByLabel('Action', { exact: true }).selectOption({ label: 'Roll back' });
  await submit(page, 'Filter');
  await go(page, page.getByRole('table', { name: 'Deployments' }).getByRole('link').first());
  await page.getByText('Greets the wrong planet').first().waitFor();
  await page.getByRole('heading', { name: 'Kubernetes objects' }).waitFor();
  await fitsPhone(page);
});

spec('the image is updated by a URL of another registry, then by a previous image, each reviewed first', async ({ page, console }) => {
  await openDeployed(page, console);
  await openUpdateImage(page);
  await page.getByRole('radio', { name: 'Update Image URL' }).check();
  const registry = page.getByLabel('Registry', { exact: true });
  await registry.selectOption(await registry.getByRole('option', { name: /Acme private/ }).getAttribute('value'));
  await fill(page, { 'Image URL': `${registries.private}/acme/greeter:1.0` });
  await submit(page, 'See what changes');
  await page.getByRole('heading', { name: 'What changes', level: 1 }).waitFor();
  await page.getByText(`${registries.private}/acme/greeter:1.0`).first().waitFor();
  await fitsPhone(page);
  await submit(page, 'Deploy');
  await seeState(page, 'Development', 'Active');
  await see(page, development(page).getByText(`${registries.private}/acme/greeter:1.0`).first());

  await openUpdateImage(page);
  await page.getByRole('radio', { name: 'Previous Images' }).check();
  await page.getByRole('radio', { name: /1\.1$/ }).check();
  await submit(page, 'Deploy');
  await see(page, development(page).getByText(`${registries.open}/acme/greeter:1.1`).first());
  await seeState(page, 'Development', 'Active');
});

spec('a failing rollout says why, and the release before keeps serving', async ({ page, console }) => {
  await openDeployed(page, console);
  await deployTag(page, '1.2-crash');
  await seeState(page, 'Development', 'Failed');
  await development(page).getByText(/still serves/).waitFor();
  await development(page).getByText(/exit code/).first().waitFor();
  await development(page).getByRole('heading', { name: 'Last lines of the log' }).waitFor();
  assert.equal(await button(development(page), 'Cancel').count() + (await link(development(page), 'Cancel').count()), 0);
});
