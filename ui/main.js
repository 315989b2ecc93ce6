/** Starts the page: its parts without a document, then its elements, then its views. */
import { takeInvitation } from "./desk/join.js"
import { askForMeters, openHere } from "./desk/page.js"
import { deviceName } from "./desk/people.js"
import { openPrefs } from "./desk/prefs.js"
import { defineElements } from "./elements/all.js"
import { RmElement } from "./elements/element.js"
import { watchFingers } from "./elements/fingers.js"
import { loop } from "./elements/loop.js"
import { keepAwake } from "./views/awake.js"
import { offerInstall } from "./views/install.js"
import { keepTheDoor } from "./views/joining.js"
import { wearLooks } from "./views/looks.js"
import { buildShell } from "./views/shell.js"

const clock = {
	now: () => performance.now(),
	setTimeout: (act, ms) => setTimeout(act, ms),
	clearTimeout: (timer) => clearTimeout(timer),
}

const here = openHere({
	open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`),
	fetch: (...asked) => fetch(...asked),
	clock,
	frame: (callback) => requestAnimationFrame(callback),
	reload: () => location.reload(),
	prefs: openPrefs(safe("localStorage"), safe("sessionStorage")),
	device: deviceName(navigator.userAgent, navigator.maxTouchPoints),
})

function safe(storage) {
	try {
		return window[storage]
	} catch {
		return null
	}
}

/** A hidden page asks for no meters and sends no pings; one that returns checks its link, or its door, at once. */
function watchThePage() {
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) here.store.letGoAll()
		here.presence.wake(!document.hidden)
		here.link.hidden(document.hidden)
		if (!document.hidden) here.door.look()
		askForMeters(here, !document.hidden)
	})
	addEventListener("online", () => here.link.nudge())
	addEventListener("hashchange", () => {
		const invitation = takeInvitation(location, history)
		if (invitation) here.door.begin(invitation)
	})
	addEventListener("pageshow", () => here.link.hidden(document.hidden))
	here.onwelcome = () => askForMeters(here, !document.hidden)
}

RmElement.here = here
watchFingers()
wearLooks(here)
defineElements()
buildShell(here, document.body)
keepAwake(here)
offerInstall()
keepTheDoor(here)
loop.start(here)
watchThePage()
if (new URLSearchParams(location.search).has("traffic")) here.view.panel.set({ name: "traffic" })
here.door.begin(takeInvitation(location, history))
