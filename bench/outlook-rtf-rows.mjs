// The RTF of Outlook's messages (row O3): compressing, decompressing, taking the HTML out.

const KINDS = [
  ['compress', 'compressing (LZFu)', undefined],
  ['decompress', 'decompressing (LZFu)', '@kenjiuno/decompressrtf'],
  ['html', 'taking the HTML out', 'rtf-stream-parser'],
];

export const rtfHead = ['row', 'what', 'posthorn', 'peer', 'ratio'];

/** Rates as the medians of `rounds` samples that `child` takes. */
export function rtfRows({ rounds, child, median }) {
  return KINDS.map(([job, title, peer]) => {
    const samples = new Map();
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['posthorn', peer].filter((each) => each !== undefined)) {
        const sample = child('outlook-rtf-child.mjs', job, name);
        samples.set(name, [...(samples.get(name) ?? []), sample]);
      }
      process.stderr.write('.');
    }
    const octets = new Set([...samples.values()].flat().map((sample) => sample.octets));
    if (octets.size > 1) throw new Error(`not the same content: ${[...octets]}`);
    const of = (name) => median(samples.get(name).map(({ rate }) => rate));
    const own = of('posthorn');
    if (peer === undefined) return ['O3', title, own.toFixed(0), '–', '–'];
    return [
      'O3',
      title,
      own.toFixed(0),
      `${peer} ${of(peer).toFixed(1)}`,
      `${(own / of(peer)).toFixed(1)}×`,
    ];
  });
}
