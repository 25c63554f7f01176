// The mails that the rows of MSG write, and read what was written.
const words = (count) => 'Lorem ipsum dolor sit amet, '.repeat(count);

/** A mail for each row. */
export const mails = {
  small: {
    title: 'a note: text, HTML, one recipient',
    make: () => ({
      subject: 'The figures of March',
      text: words(20),
      html: `<html><body><p>${words(20)}</p></body></html>`,
      to: ['bob@example.org'],
      files: [],
    }),
  },
  files: {
    title: 'five recipients, three files of 30 KB',
    make: () => ({
      subject: 'The figures of March',
      text: words(200),
      html: `<html><body><p>${words(200)}</p></body></html>`,
      to: Array.from({ length: 5 }, (_, index) => `bob${index}@example.org`),
      files: Array.from({ length: 3 }, (_, index) => ({
        name: `figures-${index}.csv`,
        content: Buffer.alloc(30_000, `figures ${index} `),
      })),
    }),
  },
  large: {
    title: 'a file of 10 MB',
    make: () => ({
      subject: 'The film',
      text: words(20),
      html: `<html><body><p>${words(20)}</p></body></html>`,
      to: ['bob@example.org'],
      files: [{ name: 'film.mp4', content: Buffer.alloc(10_000_000, 'film') }],
    }),
  },
};
