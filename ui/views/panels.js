/** Panels that nobody needs in the first second: fetched soon after it, so that a tap on one does not wait for the network. */
import { define } from "../elements/all.js"
import { RmChooser } from "../elements/rm-chooser.js"
import { RmDynamics } from "../elements/rm-dynamics.js"
import { RmEq } from "../elements/rm-eq.js"
import { RmGrip } from "../elements/rm-grip.js"
import { RmLoudness } from "../elements/rm-loudness.js"
import { RmLufs } from "../elements/rm-lufs.js"
import { RmMutes } from "../elements/rm-mutes.js"
import { RmPad } from "../elements/rm-pad.js"
import { RmRecall } from "../elements/rm-recall.js"
import { RmSpectrum } from "../elements/rm-spectrum.js"
import { RmTakes } from "../elements/rm-takes.js"
import { announcedView } from "./announced.js"
import { channelView } from "./channel.js"
import { consoleView } from "./console.js"
import { mutesView } from "./details/mutes.js"
import { scenesView } from "./details/scenes.js"
import { doctorView } from "./doctor.js"
import { findView } from "./find.js"
import { groupsView } from "./groups.js"
import { helpView } from "./help.js"
import { showHints } from "./hints.js"
import { historyView } from "./history/drawer.js"
import { joinView } from "./join.js"
import { layersView } from "./layers/list.js"
import { messagesView } from "./messages.js"
import { groupView, meView, myMoreView, sendView } from "./mine/panels.js"
import { savedView } from "./mine/saved.js"
import { moreView } from "./more.js"
import { inviteView } from "./people/invite.js"
import { peopleView } from "./people/people.js"
import { personView } from "./people/person.js"
import { policyView } from "./people/policy.js"
import { keysView } from "./quick-keys.js"
import { requestsView } from "./request-list.js"
import { settingsView } from "./settings.js"
import { keepView } from "./show/keep.js"
import { watchShowKeys } from "./show/keys.js"
import { showView } from "./show/list.js"
import { sceneView } from "./show/preview.js"
import { markSafes } from "./show/safe.js"
import { showTargets } from "./show/targets.js"
import { takesView } from "./takes.js"
import { teachGestures } from "./teach.js"
import { surfacesView } from "./surfaces.js"
import { trafficView } from "./traffic.js"
import { wallView } from "./wall.js"

/** Each view: (page, panel, until) → {title, head, body, foot}, head in place of the usual one; `until` takes each way to stop what it watches. */
export const VIEWS = {
	announced: announcedView,
	console: consoleView,
	doctor: doctorView,
	find: findView,
	groups: groupsView,
	help: helpView,
	history: historyView,
	invite: inviteView,
	group: groupView,
	join: joinView,
	keep: keepView,
	keys: keysView,
	layers: layersView,
	me: meView,
	messages: messagesView,
	more: moreView,
	mutes: mutesView,
	mymore: myMoreView,
	people: peopleView,
	person: personView,
	policy: policyView,
	requests: requestsView,
	saved: savedView,
	scene: sceneView,
	scenes: scenesView,
	send: sendView,
	settings: settingsView,
	show: showView,
	strip: channelView,
	surfaces: surfacesView,
	takes: takesView,
	traffic: trafficView,
	wall: wallView,
}

/** What follows the page from the moment that these are here. */
export function follow(page) {
	showHints(page)
	showTargets(page)
	markSafes(page)
	watchShowKeys(page)
	teachGestures(page)
}

define([RmChooser, RmDynamics, RmEq, RmGrip, RmLoudness, RmLufs, RmMutes, RmPad, RmRecall, RmSpectrum, RmTakes])
