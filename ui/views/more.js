/** On a phone the way to everything that has no key of its own. */
import { make } from "../elements/element.js"
import { onPress } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"
import { lockPage } from "./lock.js"

const ROWS = [
  ["people", "People", "who is here, and your own name"],
  ["join", "Join", "a code for the next phone"],
  ["layers", "Layers", "your own choice of strips"],
  ["settings", "Settings", "light, text size, meters, hand"],
  ["traffic", "Traffic", "what goes over the wire"],
]

export function moreView({ view, consoles, server }) {
  const rows = ROWS.map(([name, title, words]) => {
    const row = make("button.row", { type: "button" }, icon(name), make("b", {}, title), make("small", {}, words))
    onPress(row, () => view.panel.set({ name, from: "more" }))
    return row
  })
  const lock = make("button.row", { type: "button" }, icon("lock"), make("b", {}, "Lock this page"), make("small", {}, "for a phone in a pocket"))
  onPress(lock, () => lockPage(view))
  const playing = consoles.list.value.filter(({ name }) => consoles.param(`${name}/transport/play`))
  const transports = playing.map(({ name, title }) => make("div.row.transport", {}, make("b", {}, title), make("rm-transport", { "data-console": name })))
  const version = make("p.quiet", {}, `Remote Mixer ${server.value?.version ?? ""}`)
  return { title: "More", body: [make("div.rows", {}, ...transports, ...rows, lock), version] }
}
