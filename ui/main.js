/** Starts the page: its parts without a document, then its elements, then its views. */
import { takeInvitation } from "./desk/join.js"
import { Page } from "./desk/page.js"
import { deviceName } from "./desk/people.js"
import { openPrefs } from "./desk/prefs.js"
import { canUnpack } from "./desk/unpack.js"
import { defineElements } from "./elements/all.js"
import { watchFingers } from "./elements/fingers.js"
import { keepAwake } from "./views/awake.js"
import { offerInstall } from "./views/install.js"
import { showJoining } from "./views/joining.js"
import { lockPage } from "./views/lock.js"
import { followPlaces } from "./views/places.js"
import { buildShell } from "./views/shell.js"

const clock = {
	now: () => performance.now(),
	setTimeout: (act, ms) => setTimeout(act, ms),
	clearTimeout: (timer) => clearTimeout(timer),
}

const page = new Page({
	open,
	fetch: (...asked) => fetch(...asked),
	clock,
	frame: (callback) => requestAnimationFrame(callback),
	reload: () => location.reload(),
	prefs: openPrefs(safe("localStorage"), safe("sessionStorage")),
	device: deviceName(navigator.userAgent, navigator.maxTouchPoints),
})

/** The socket that index.html has dialled, once and while it lives; else a new one. */
function open() {
	const { dialled } = window
	delete window.dialled
	const address = () => `${location.origin.replace("http", "ws")}/ws${canUnpack() ? "?packed=1" : ""}`
	const socket = dialled?.readyState <= WebSocket.OPEN ? dialled : new WebSocket(address())
	return Object.assign(socket, { binaryType: "arraybuffer" })
}

function safe(storage) {
	try {
		return window[storage]
	} catch {
		return null
	}
}

/** A hidden page asks for no meters and sends no pings; one that returns checks its link, or whether it has joined, at once. */
function watchThePage() {
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) page.store.letGoAll()
		page.presence.wake(!document.hidden)
		page.link.hidden(document.hidden)
		if (!document.hidden) page.join.check()
		page.meterFrames.ask(!document.hidden)
		page.pictures.show(!document.hidden)
	})
	addEventListener("online", () => page.link.nudge())
	addEventListener("hashchange", () => {
		const invitation = takeInvitation(location, history)
		if (invitation) page.join.begin(invitation)
	})
	// A browser may keep a page that is left, with its socket, for the way back: people would see somebody who is gone.
	addEventListener("pagehide", () => page.join.outside.value || page.link.stop("reconnecting"))
	addEventListener("pageshow", () => page.link.hidden(document.hidden))
	page.welcomed.watch(() => [page.meterFrames.ask(!document.hidden), page.pictures.open(!document.hidden)])
}

document.documentElement.dataset.started = "" // the script in index.html waits for it
document.getElementById("late")?.remove()
watchFingers()
defineElements(page)
const invitation = takeInvitation(location, history)
buildShell(page, document.body)
followPlaces(page)
keepAwake(page)
offerInstall()
showJoining(page)
watchThePage()
if (page.prefs.locked.value) lockPage(page)
if (new URLSearchParams(location.search).has("traffic")) page.view.panel.set({ name: "traffic" })
page.join.begin(invitation)
