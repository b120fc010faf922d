/* Service points on a map, and by distance. The list stands without it; a person's position never leaves the device. */
const EARTH = 6371000; // metres

function distance(a, b) {
  const rad = Math.PI / 180;
  const [lat1, lat2] = [a.latitude * rad, b.latitude * rad];
  const half = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(half));
}

function placesOf(root) {
  return [...root.querySelectorAll("[data-list] > li[data-latitude]")].map((row) => ({
    row,
    number: row.dataset.number,
    name: row.dataset.name,
    longitude: Number(row.dataset.longitude),
    latitude: Number(row.dataset.latitude),
  }));
}

function say(place, here) {
  const metres = distance(here, place);
  const away = place.row.querySelector("[data-away]");
  const [words, n] = metres < 1000 ? [away.dataset.m, Math.round(metres / 50) * 50] : [away.dataset.km, (metres / 1000).toFixed(1)];
  away.textContent = words.replace("{n}", n);
  return metres;
}

async function draw(root) {
  const frame = root.querySelector("[data-map-frame]");
  const box = root.querySelector("[data-map]");
  if (!box) return null;
  await import(box.dataset.leaflet);
  const L = window.L;
  frame.hidden = false;
  const map = L.map(box, { zoomControl: false, scrollWheelZoom: false, attributionControl: false, fadeAnimation: false, maxZoom: 18 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(map);
  const places = placesOf(root);
  const around = L.latLngBounds(places.map((place) => [place.latitude, place.longitude]));
  map.fitBounds(around.pad(0.2), { maxZoom: 15 });
  for (const place of places) {
    const icon = L.divIcon({ className: "hall-pin", html: place.number, iconSize: [32, 32], iconAnchor: [16, 16], popupAnchor: [0, -14] });
    const words = document.createElement("a");
    words.href = `#${place.row.id}`;
    words.textContent = place.name;
    const how = { icon, title: place.name, riseOnHover: true, zIndexOffset: -100 * place.number };
    const pin = L.marker([place.latitude, place.longitude], how).addTo(map).bindPopup(words);
    pin.getElement().setAttribute("aria-label", `${place.number} ${place.name}`);
  }
  if (box.dataset.boundary) {
    const answer = await fetch(box.dataset.boundary);
    if (answer.ok) {
      const style = { color: "#1a56b0", weight: 2, dashArray: "6 5", fillColor: "#1a56b0", fillOpacity: 0.05, interactive: false };
      L.geoJSON(await answer.json(), { style }).addTo(map);
    }
  }
  return { L, map, you: box.dataset.you };
}

function offerNearest(root, drawn) {
  const offer = root.querySelector("[data-nearest]");
  if (!offer || !("geolocation" in navigator)) return;
  const said = offer.querySelector("[data-said]");
  offer.hidden = false;
  offer.querySelector("[data-locate]").addEventListener("click", () => {
    said.textContent = said.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const ranked = placesOf(root).map((place) => [say(place, coords), place.row]).sort((a, b) => a[0] - b[0]);
        root.querySelector("[data-list]").prepend(...ranked.map(([, row]) => row));
        said.textContent = said.dataset.done;
        drawn.then((shown) => {
          if (!shown) return;
          const { L, map, you } = shown;
          const icon = L.divIcon({ className: "hall-you", iconSize: [16, 16] });
          L.marker([coords.latitude, coords.longitude], { icon, title: you, keyboard: false }).addTo(map);
        });
      },
      () => { said.textContent = said.dataset.failed; },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
}

/* The list still serves. */
function withoutMap(error) {
  console.error(error);
  return null;
}

function start(within) {
  for (const root of within.querySelectorAll("[data-places]:not([data-begun])")) {
    root.dataset.begun = "1";
    offerNearest(root, draw(root).catch(withoutMap));
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
