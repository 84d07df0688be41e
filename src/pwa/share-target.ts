declare const self: ServiceWorkerGlobalScope;

/**
 * Text or a link shared to Parley by another app (manifest `share_target`). It goes on as an opened
 * link, which the page keeps until the person has decided; nothing of it leaves the device.
 */
export function receiveShares(): void {
  self.addEventListener('fetch', (event) => {
    const { method, url } = event.request;
    if (method === 'POST' && new URL(url).pathname === '/share')
      event.respondWith(openShared(event.request));
  });
}

async function openShared(request: Request): Promise<Response> {
  const form = await request.formData();
  const text = ['url', 'text', 'title']
    .map((field) => form.get(field))
    .find((value): value is string => typeof value === 'string' && value !== '');
  return Response.redirect(`/open?u=${encodeURIComponent(text ?? '')}`, 303);
}
