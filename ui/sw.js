/**
 * Says "reconnecting" where the mixer does not answer. It keeps no file of the mixer, so it can never show an old one:
 * each page comes from the server or not at all, and the one page it has of its own is written here.
 */
const PATIENCE_MS = 8000
const NOT_THE_MIXER = /^\/(api|tls)\b/
const POLICY = "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

const RECONNECTING = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Remote Mixer</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="theme-color" content="#0b0b0c">
<style>
html { height: 100%; display: grid; place-items: center; background: #0a0a0b; color: #f1f1f4; font: 17px/1.5 system-ui, sans-serif; color-scheme: dark }
body { max-width: 26rem; padding: 1rem; text-align: center }
i { display: inline-block; width: 0.7rem; height: 0.7rem; margin-right: 0.5rem; border: 2px solid #f0a03c; border-radius: 50%; animation: b 1s infinite alternate }
@keyframes b { from { opacity: 0.3 } }
@media (prefers-color-scheme: light) { html { background: #e9e9e6; color: #101012; color-scheme: light } }
@media (prefers-reduced-motion: reduce) { i { animation: none } }
p { opacity: 0.75 }
</style>
<body><h1><i></i>Reconnecting to the mixer …</h1>
<p>This page reconnects by itself. Check that this device is on the mixer's Wi-Fi and the mixer is running.</p>
<p>Does it work on other devices? Then this one may not trust the mixer's certificate yet: open http://, the mixer's address and /tls.</p>
<script>
const ask = () => fetch("/api/v1/health", { cache: "no-store", signal: AbortSignal.timeout?.(4000) }).then(() => location.reload(), () => setTimeout(ask, 1500))
setTimeout(ask, 1500)
</script>`

addEventListener("install", () => skipWaiting())
addEventListener("activate", (event) => event.waitUntil(clients.claim()))
addEventListener("fetch", (event) => {
	const { mode, url } = event.request
	if (mode === "navigate" && !NOT_THE_MIXER.test(new URL(url).pathname)) event.respondWith(fetchOrSay(event.request))
})

async function fetchOrSay(request) {
	const late = new Promise((_, giveUp) => setTimeout(giveUp, PATIENCE_MS))
	return Promise.race([fetch(request), late]).catch(reconnecting)
}

function reconnecting() {
	return new Response(RECONNECTING, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY, "Cache-Control": "no-store" } })
}
