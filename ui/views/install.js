/** Lets a browser install the page as an app: by https, from its own menu or from our settings. */
import { Signal } from "../desk/signal.js"

/** The browser's offer to install, while it stands. */
export const offer = new Signal(null)

export function offerInstall() {
	// A browser that does not trust the mixer takes no worker, and the page works without one.
	if (location.protocol === "https:") navigator.serviceWorker?.register("/sw.js").catch(() => {})
	addEventListener("beforeinstallprompt", (event) => {
		event.preventDefault()
		offer.set(event)
	})
	addEventListener("appinstalled", () => offer.set(null))
}
