// Keeps an open page up to date, and draws its charts. A page works without it.
(function () {
  'use strict';

  // ---- charts: figure[data-chart] holds {x, y, series, unit} as JSON; see Chart
  const drawn = new WeakMap();

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // of a few days the hour, of more the day
  function moment(seconds, all) {
    const at = new Date(seconds * 1000);
    const two = function (n) { return String(n).padStart(2, '0'); };
    const long = all.length > 1 && all[all.length - 1] - all[0] > 172800;
    return (long ? two(at.getMonth() + 1) + '-' + two(at.getDate()) + ' ' : '') + two(at.getHours()) + ':' + two(at.getMinutes());
  }

  // amounts over time are seen against nothing, a trade-off between two amounts by its shape
  function rangeOf(chart) {
    return function (u, low, high) {
      if (chart.time) { return [Math.min(0, low || 0), high > 0 ? high * 1.08 : 1]; }
      var room = (high - low) * 0.1 || 0.05;
      return [low - room, high + room];
    };
  }

  function draw(figure) {
    const place = figure.querySelector('.plot');
    const text = figure.dataset.chart;
    if (!place || !window.uPlot || drawn.get(place) === text) return;
    drawn.set(place, text);
    const chart = JSON.parse(text);
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line') } };
    const series = chart.series.map(function (each, i) {
      const stroke = colour('--c' + (each.tint === undefined ? i % 8 : each.tint));
      return {
        label: each.label, stroke: each.bound ? stroke + '77' : stroke, width: each.bound ? 1 : 2, spanGaps: true,
        points: { show: each.points === true },
        value: function (u, v) { return v == null ? '–' : Number(v.toPrecision(4)).toString() + chart.unit; }
      };
    });
    const bounds = chart.series.map(function (each, i) { return each.bound ? i + 1 : 0; }).filter(Boolean);
    const bands = bounds.length === 2
      ? [{ series: [bounds[1], bounds[0]], fill: colour('--c' + chart.series[bounds[0] - 1].tint) + '22' }] : [];
    place.replaceChildren();
    new window.uPlot({
      width: Math.max(200, place.clientWidth), height: 200,
      cursor: { y: false },
      scales: { x: { time: chart.time }, y: { range: rangeOf(chart) } },
      bands: bands,
      axes: [chart.time ? Object.assign({ values: function (u, all) { return all.map(function (v) { return moment(v, chart.x); }); }, space: 64 }, axis) : axis, Object.assign({ size: 56, values: function (u, all) { return all.map(function (v) { return v + chart.unit; }); } }, axis)],
      series: [chart.time ? { label: 'time', value: function (u, v) { return v == null ? '–' : moment(v, chart.x); } } : {}].concat(series)
    }, [chart.x].concat(chart.series.map(function (each) { return each.y; })), place);
  }

  function drawAll(root) {
    root.querySelectorAll('figure[data-chart]').forEach(draw);
  }

  function redraw() {
    document.querySelectorAll('figure[data-chart] .plot').forEach(function (place) { drawn.delete(place); });
    drawAll(document);
  }

  let resizing = 0;
  window.addEventListener('resize', function () {
    clearTimeout(resizing);
    resizing = setTimeout(redraw, 150);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  drawAll(document);

  // ---- a slider that shows at once what its form asks for
  document.addEventListener('change', function (event) {
    if (event.target.matches('input[data-submit]')) event.target.form.requestSubmit();
  });

  // ---- updates: body[data-updates] says where fragments come from, by id
  const address = document.body.dataset.updates;
  const pause = document.getElementById('pause');
  if (!address || !window.EventSource) return;
  let source = null;

  function put(id, html) {
    const element = document.getElementById(id);
    if (!element) return;
    const focused = element.contains(document.activeElement) ? document.activeElement.id : '';
    const open = Array.from(element.querySelectorAll('details[open][id]'), function (each) { return each.id; });
    // whoever reads the end of a text that grows goes on reading its end
    const scrolled = Array.from(element.querySelectorAll('.scroll, .text'), function (each) {
      return { left: each.scrollLeft, top: each.scrollTop, end: each.scrollTop + each.clientHeight >= each.scrollHeight - 4 };
    });
    // escaped by the server, which is the only one that writes here
    element.innerHTML = html;
    open.forEach(function (each) {
      const again = document.getElementById(each);
      if (again) again.open = true;
    });
    element.querySelectorAll('.scroll, .text').forEach(function (each, i) {
      if (!scrolled[i]) return;
      each.scrollLeft = scrolled[i].left;
      each.scrollTop = scrolled[i].end ? each.scrollHeight : scrolled[i].top;
    });
    if (focused) {
      const again = document.getElementById(focused);
      if (again) again.focus({ preventScroll: true });
    }
    drawAll(element);
  }

  function connect() {
    source = new EventSource(address);
    source.addEventListener('update', function (event) {
      const fragments = JSON.parse(event.data);
      Object.keys(fragments).forEach(function (id) { put(id, fragments[id]); });
      document.documentElement.dataset.updated = Date.now();
    });
  }

  function stop() {
    if (source) source.close();
    source = null;
  }

  function paused() {
    return pause && pause.getAttribute('aria-pressed') === 'true';
  }

  if (pause) {
    pause.hidden = false;
    pause.addEventListener('click', function () {
      const now = !paused();
      pause.setAttribute('aria-pressed', String(now));
      if (now) stop(); else connect();
    });
  }
  // nobody looks at a hidden page
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) stop(); else if (!source && !paused()) connect();
  });
  window.addEventListener('pagehide', stop);
  connect();
})();
