// Stands in for the modules of Node that just-bash names in its build for browsers.
export const gunzipSync = undefined, gzipSync = undefined, constants = {};
