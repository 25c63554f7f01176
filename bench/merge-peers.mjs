// How each peer makes the letters of a merge: `prepare()` gives a function from a row to the octets of a whole message.
// Every peer gets the same template in its own language, read once, and composes what nodemailer would send.
const textOf = (field) => `Dear ${field('name')},

your order ${field('order')} of ${field('total')} goes to ${field('street')}, ${field('city')}.
Please pay until ${field('due')}.

Your shop
`;
const htmlOf = (field, open, close) => `<html><body style="font-family:sans-serif">
<p>Dear ${field('name')},</p>
<p>your order <b>${field('order')}</b> of ${field('total')} goes to ${field('street')}, ${field('city')}.</p>
${open}<p>Thank you for being with us.</p>${close}
<p>Please pay until <b>${field('due')}</b>.</p><p>Your shop</p>
</body></html>
`;
const double = (name) => `{{${name}}}`;
const triple = (name) => `{{{${name}}}}`;
const from = 'Shop <shop@example.com>';

/** The row with this number. */
export function rowOf(n) {
  return {
    ...{
      name: `Ann O'Neill ${n}`,
      email: `ann${n}@example.org`,
      order: `A-${n}`,
      due: '2026-12-24',
    },
    ...{
      total: `${n % 900}.50 EUR`,
      street: `${n} Main Street`,
      city: 'Springfield',
      vip: n % 2 === 0,
    },
  };
}

async function composer() {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js');
  return (message) => new MailComposer(message).compile().build();
}

export const mergePeers = {
  posthorn: async () => {
    const { TemplateEngine } = await import('../dist/template.js');
    const engine = new TemplateEngine({
      from,
      to: '{{ name }} <{{ email }}>',
      subject: 'Your order {{ order }}',
      text: textOf(double),
      html: htmlOf(double, '{% if vip %}', '{% endif %}'),
    });
    return async (row) => (await engine.merge(row)).toBytes();
  },
  'handlebars + nodemailer': async () => {
    const { default: Handlebars } = await import('handlebars');
    const compose = await composer();
    const plain = { noEscape: true };
    const text = Handlebars.compile(textOf(triple), plain);
    const html = Handlebars.compile(htmlOf(double, '{{#if vip}}', '{{/if}}'));
    const subject = Handlebars.compile('Your order {{order}}', plain);
    return (row) =>
      compose({
        from,
        to: { name: row.name, address: row.email },
        subject: subject(row),
        text: text(row),
        html: html(row),
      });
  },
  'email-templates': async () => {
    const { default: Email } = await import('email-templates');
    const { default: Handlebars } = await import('handlebars');
    const compose = await composer();
    const compiled = {
      html: Handlebars.compile(htmlOf(double, '{{#if vip}}', '{{/if}}')),
      text: Handlebars.compile(textOf(triple), { noEscape: true }),
      subject: Handlebars.compile('Your order {{order}}', { noEscape: true }),
    };
    // Its own reading of files and inlining of CSS are left out: only what it does for each letter counts.
    const email = new Email({ juice: false, send: false, preview: false });
    email.checkAndRender = async (kind, _template, locals) => compiled[kind](locals);
    return async (row) => {
      const { html, text, subject } = await email.renderAll('letter', row);
      return compose({ from, to: { name: row.name, address: row.email }, subject, text, html });
    };
  },
};
