// For the rooms above: what conversion needs beside the public names.
export {};
