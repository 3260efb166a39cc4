// The plain ground's lines of latitude and longitude, with their degrees. folium's script adds it to its map.

"use strict";

(() => {
  const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const LEAST_PX = 90;
  const CONTROLS_PX = 120;

  const Graticule = L.LayerGroup.extend({
    onAdd(map) {
      if (!map.getPane("graticule")) map.createPane("graticule").classList.add("graticule-pane");
      L.LayerGroup.prototype.onAdd.call(this, map);
      map.on("moveend zoomend resize", this.draw, this);
      this.draw();
    },

    onRemove(map) {
      map.off("moveend zoomend resize", this.draw, this);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    draw() {
      this.clearLayers();
      const map = this._map;
      if (!map || !map._loaded) return;
      const bounds = map.getBounds();
      const step = chooseStep(map);
      const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      for (const lat of marks(bounds.getSouth(), bounds.getNorth(), step)) {
        this.line([[lat, bounds.getWest()], [lat, bounds.getEast()]]);
        this.label([lat, bounds.getWest()], `${Math.abs(lat).toFixed(digits)}°${lat < 0 ? "S" : "N"}`, "lat");
      }
      for (const lon of marks(bounds.getWest(), bounds.getEast(), step)) {
        this.line([[bounds.getSouth(), lon], [bounds.getNorth(), lon]]);
        this.label([bounds.getNorth(), lon], `${Math.abs(lon).toFixed(digits)}°${lon < 0 ? "W" : "E"}`, "lon");
      }
    },

    line(points) {
      this.addLayer(L.polyline(points, { pane: "graticule", className: "graticule-line", interactive: false, weight: 1 }));
    },

    label(at, text, kind) {
      const { x, y } = this._map.latLngToContainerPoint(at);
      if (kind === "lat" && y < CONTROLS_PX) return; // the zoom buttons stand there
      if (kind === "lon" && x < CONTROLS_PX / 2) return;
      const html = document.createElement("span");
      html.textContent = text;
      const icon = L.divIcon({ className: `graticule-label ${kind}`, html, iconSize: null });
      this.addLayer(L.marker(at, { pane: "graticule", icon, interactive: false, keyboard: false }));
    },
  });

  // Whole steps across, labels not crowded: at least LEAST_PX between two lines.
  function chooseStep(map) {
    const bounds = map.getBounds();
    const pxPerDegree = map.getSize().x / Math.max(1e-6, bounds.getEast() - bounds.getWest());
    const wide = STEPS.filter((step) => step * pxPerDegree >= LEAST_PX);
    return wide.length ? wide[wide.length - 1] : STEPS[0];
  }

  function marks(low, high, step) {
    const found = [];
    for (let n = Math.ceil(low / step); n * step <= high && found.length < 60; n += 1) found.push(n * step);
    return found;
  }

  window.wavewardenGraticule = () => new Graticule();
})();
