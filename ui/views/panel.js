/** One panel beside the mixer (on a phone: over it): messages, people, mixes, a strip, settings, … */
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { consoleView } from "./console.js"
import { mutesView } from "./details/mutes.js"
import { scenesView } from "./details/scenes.js"
import { joinView } from "./join.js"
import { layersView } from "./layers.js"
import { messagesView } from "./messages.js"
import { groupView, meView, myMoreView, sendView } from "./mine/panels.js"
import { mixesView } from "./mixes.js"
import { moreView } from "./more.js"
import { peopleView } from "./people/people.js"
import { requestsView } from "./requests.js"
import { settingsView } from "./settings.js"
import { stripView } from "./strip.js"

/** Opened by the sound crew only, so fetched when opened: a musician's phone never loads it. */
const doctorView = later("Report a bug", async () => (await import("./doctor.js")).doctorView)
const findView = later("Find consoles", async () => (await import("./find.js")).findView)
const inviteView = later("Invite", async () => (await import("./people/invite.js")).inviteView)
const historyView = later("History", async () => (await import("./history/drawer.js")).historyView)
const personView = later("Person", async () => (await import("./people/person.js")).personView)
const policyView = later("Permissions", async () => (await import("./people/policy.js")).policyView)
const trafficView = later("Traffic", async () => (await import("./traffic.js")).trafficView)
const SILENT = "No answer from the mixer. Close this panel and try again."

/** Each view: (page, panel, until) → {title, body, foot}; `until` takes each way to stop what it watches. */
const VIEWS = {
	console: consoleView,
	doctor: doctorView,
	find: findView,
	history: historyView,
	invite: inviteView,
	group: groupView,
	join: joinView,
	layers: layersView,
	me: meView,
	messages: messagesView,
	mixes: mixesView,
	more: moreView,
	mutes: mutesView,
	mymore: myMoreView,
	people: peopleView,
	person: personView,
	policy: policyView,
	requests: requestsView,
	scenes: scenesView,
	send: sendView,
	settings: settingsView,
	strip: stripView,
	traffic: trafficView,
}

export function buildPanel(page) {
	const aside = make("aside.panel", { hidden: true, tabindex: -1 })
	const stops = []
	page.view.panel.watch((panel) => {
		for (const stop of stops.splice(0)) stop()
		aside.hidden = panel === null
		mark(document.documentElement, "data-panel", panel?.name)
		aside.replaceChildren()
		if (panel) open(page, aside, panel, (stop) => stops.push(stop))
	})
	return aside
}

function open(page, aside, panel, until) {
	const { title, body, foot } = VIEWS[panel.name](page, panel, until)
	const shut = make("button.tool", { "aria-label": "Close", press: () => page.view.panel.set(null) }, icon("close"))
	mark(aside, "aria-label", title)
	aside.dataset.name = panel.name
	const back = panel.from && make("button.tool", { "aria-label": "Back", press: () => page.view.panel.set(panel.from) }, icon("back"))
	aside.append(make("div.head", {}, back, make("h2", {}, title), shut), make("div.body", {}, ...[body].flat()), foot ?? "")
	aside.focus({ preventScroll: true })
}

function later(title, load) {
	return (page, panel, until) => {
		const body = make("div")
		let open = true
		until(() => (open = false))
		load().then(
			(view) => open && body.append(...[view(page, panel, until).body].flat()),
			() => body.append(make("p.quiet", {}, SILENT)),
		)
		return { title, body }
	}
}
