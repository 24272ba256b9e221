// The door between Dash and the map. A classic script, because Dash may call `show` before the
// browser has run any module: the last state waits here until the map is ready to take it.
(function () {
  "use strict";
  const dash = (window.dash_clientside = window.dash_clientside || {});
  const door = { state: null, take: null };
  window.kentonganDoor = door;
  dash.kentongan = Object.assign({}, dash.kentongan, {
    show(state) {
      if (state) {
        door.state = state;
        if (door.take) door.take(state);
      }
      return dash.no_update;
    },
  });
})();
