import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { DiscoveryError } from '../../src/base/index.ts';
import { SmtpClient } from '../../src/client/index.ts';
import { readAutoconfig } from '../../src/smtp/discover/autoconfig-reader.ts';
import { providerByExchanger, providerByName } from '../../src/smtp/discover/provider.ts';
import { providers } from '../../src/smtp/discover/providers.data.ts';
import { orderServers } from '../../src/smtp/discover/srv-order.ts';
import { type DiscoverOptions, discover } from '../../src/smtp/index.ts';
import { connectionSettings } from '../../src/smtp/settings.ts';
import { dnsServer } from '../support/dns-server.ts';
import { type ScriptedServer, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { failure } from './kit.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

/** A network in which only these hosts and ports exist: 'host:port' to a port of this machine. */
function network(
  map: Record<string, number>,
  tried: string[] = [],
  otherwise = 'ENOTFOUND',
): DiscoverOptions {
  return {
    clientName: 'client.test',
    tls: { ca: testAuthority },
    connect: ({ host, port }) => {
      tried.push(`${host}:${port}`);
      const there = map[`${host}:${port}`];
      if (there !== undefined) return connect(there, '127.0.0.1');
      throw Object.assign(new Error(otherwise), { code: otherwise });
    },
  };
}

// Its certificate is for mail.example.org and smtp.example.org.
const exampleServer = (tls: 'implicit' | 'starttls' = 'implicit'): Promise<ScriptedServer> =>
  scriptedServer({}, { tls, certificate: 'wrong-name' });

describe('the table of providers', () => {
  it('has names, hosts and domains once, in lower case, each with its source', () => {
    const names = providers.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    const domains = providers.flatMap((each) => each.domains ?? []);
    expect(new Set(domains).size).toBe(domains.length);
    const ends = providers.flatMap(({ mx = [] }) => mx);
    expect(new Set(ends).size).toBe(ends.length);
    for (const text of [...names, ...domains, ...ends]) expect(text).toBe(text.toLowerCase());
    for (const { host, port, security, source } of providers) {
      expect(connectionSettings({ host, port, security })).toMatchObject({ host, port, security });
      expect(source).toMatch(/^https:\/\/[a-z0-9.]+\//);
      expect(port === 465).toBe(security === 'implicit');
    }
  });

  it('is that of the documents', () => {
    const page = readFileSync(new URL('../../docs/connecting.md', import.meta.url), 'utf8');
    const rows = [
      ...page.matchAll(/^\| `([a-z0-9.-]+)` +\| ([\w.-]+):(\d+) +\| (TLS|STARTTLS) /gm),
    ];
    const listed = rows.map(([, name, host, port, mode]) => `${name} ${host}:${port} ${mode}`);
    const known = providers.map(
      ({ name, host, port, security }) =>
        `${name} ${host}:${port} ${security === 'implicit' ? 'TLS' : 'STARTTLS'}`,
    );
    expect(listed).toEqual(known);
  });

  it('is asked by name as people write it', () => {
    for (const name of ['gmail', 'Gmail', 'GOOGLE', 'Google Workspace']) {
      expect(providerByName(name).host).toBe('smtp.gmail.com');
    }
    expect(providerByName('Office 365').host).toBe('smtp.office365.com');
    expect(providerByName('Outlook.com').host).toBe('smtp-mail.outlook.com');
    for (const name of ['ses-eu-west-1', 'SES-EU-WEST-1', 'amazon-ses-eu-west-1']) {
      expect(providerByName(name)).toMatchObject({
        name: 'ses-eu-west-1',
        host: 'email-smtp.eu-west-1.amazonaws.com',
        port: 465,
      });
    }
  });

  it('finds who hosts a domain by the longest end of its exchanger', () => {
    const ends = {
      'aspmx.l.google.com': 'gmail',
      'example-com.mail.protection.outlook.com': 'microsoft365',
      'eur.olc.protection.outlook.com': 'outlook',
      'mta5.am0.yahoodns.net': 'yahoo',
      'mx-aol.mail.gm0.yahoodns.net': 'aol',
      'in1-smtp.messagingengine.com': 'fastmail',
      'mx.zoho.eu': 'zoho-eu-pro',
      'notgoogle.com': undefined,
      'google.com.evil.test': undefined,
    };
    for (const [exchanger, name] of Object.entries(ends)) {
      expect(providerByExchanger(exchanger)?.name).toBe(name);
    }
  });

  it('is behind the option service', async () => {
    expect(connectionSettings({ service: 'gmail' })).toMatchObject({
      host: 'smtp.gmail.com',
      port: 465,
      security: 'implicit',
    });
    expect(connectionSettings({ service: 'gmail', port: 587 })).toMatchObject({
      port: 587,
      security: 'auto-tls',
    });
    expect(
      connectionSettings({ service: 'mailjet', security: 'starttls', port: 588 }),
    ).toMatchObject({ port: 588, security: 'starttls' });
    expect(() => connectionSettings({ service: 'gmail', host: 'x' })).toThrow(
      "Give 'service' or 'host', not both: a service has its host",
    );
    expect(() => connectionSettings({ service: 'ses' })).toThrow(
      "Amazon SES has a host for each region; write service: 'ses-eu-west-1' or the region you use",
    );
    expect(() => connectionSettings({ service: 'gmial' })).toThrow(
      /^No service is known as 'gmial'; give 'host' instead, or one of gmail, .*, ses-REGION$/,
    );
    expect(() => connectionSettings({ service: '' })).toThrow(
      "Option 'service' must be a provider's name such as 'gmail', got ''",
    );
    await new SmtpClient({ service: 'gmail' }).close();
  });
});

describe('discover', () => {
  it.each([
    ['ann@gmail.com', 'smtp.gmail.com', 'gmail', 'ann@gmail.com'],
    ['Ann@GoogleMail.com', 'smtp.gmail.com', 'gmail', 'Ann@GoogleMail.com'],
    ['gmail', 'smtp.gmail.com', 'gmail', undefined],
    ['me.com', 'smtp.mail.me.com', 'icloud', undefined],
    ['smtp.office365.com', 'smtp.office365.com', 'microsoft365', undefined],
    [
      'email-smtp.us-east-2.amazonaws.com',
      'email-smtp.us-east-2.amazonaws.com',
      'ses-us-east-2',
      undefined,
    ],
  ])('knows %s without asking anybody', async (target, host, provider, username) => {
    const tried: string[] = [];
    const found = await discover(target, network({}, tried));
    expect(found).toMatchObject({
      host,
      provider,
      suggestedUsername: username,
      source: 'provider',
    });
    expect(found.documentation).toMatch(/^https:/);
    expect(tried).toEqual([]);
  });

  it('gives what a client is made of, and nothing a client would not know', async () => {
    const found = await discover('ann@fastmail.com');
    expect({ ...found }).toEqual({
      host: 'smtp.fastmail.com',
      port: 465,
      security: 'implicit',
    });
    await new SmtpClient(found).close();
    await new SmtpClient({ ...found, username: 'ann@fastmail.com', password: 'x' }).close();
    expect(JSON.parse(JSON.stringify(found))).toMatchObject({
      host: 'smtp.fastmail.com',
      source: 'provider',
      suggestedUsername: 'ann@fastmail.com',
      hint: 'The password is an app password, made in the settings of the account.',
    });
  });

  it('follows SRV records inside the domain, in their order, past one that is down', async () => {
    await using server = await exampleServer();
    await using dns = await dnsServer({
      '_submissions._tcp.example.org': { SRV: ['10 5 4650 smtp.example.org'] },
      '_submission._tcp.example.org': { SRV: ['0 5 587 mail.example.org'] },
    });
    const tried: string[] = [];
    const found = await discover('ann@example.org', {
      ...network({ 'smtp.example.org:4650': server.port }, tried),
      dnsServers: [dns.address],
    });
    expect({ ...found }).toEqual({ host: 'smtp.example.org', port: 4650, security: 'implicit' });
    expect(found).toMatchObject({ source: 'srv', suggestedUsername: 'ann@example.org' });
    expect(tried).toEqual(['mail.example.org:587', 'smtp.example.org:4650']);
    await vi.waitFor(() => expect(server.lines).toEqual(['EHLO client.test', 'QUIT']));
  });

  it('does not follow SRV records into another domain, unless the host is confirmed', async () => {
    await using server = await exampleServer();
    await using dns = await dnsServer({
      '_submissions._tcp.victim.test': { SRV: ['0 0 465 mail.example.org'] },
    });
    const options = {
      ...network({ 'mail.example.org:465': server.port }),
      dnsServers: [dns.address],
    };
    const error = (await failure(discover('ann@victim.test', options))) as DiscoveryError;
    expect(error).toMatchObject({ name: 'DiscoveryError', code: 'DISCOVERY_FAILED' });
    expect(error.message).toMatch(
      /^No mail server was found for victim\.test; give 'host' if you know it\. An SRV record of victim\.test names mail\.example\.org, which is in another domain; if it is right, allow it with 'confirmHost' or write host: 'mail\.example\.org'\. /,
    );
    expect(error.attempts[0]?.error).toMatchObject({ code: 'TLS_CERTIFICATE' });
    expect(error.attempts[0]?.error.message).toContain("not for 'victim.test'");

    const asked: string[] = [];
    const found = await discover('ann@victim.test', {
      ...options,
      confirmHost: (host, domain) => asked.push(`${host} for ${domain}`) > 0,
    });
    expect({ ...found }).toEqual({ host: 'mail.example.org', port: 465, security: 'implicit' });
    expect(asked).toEqual(['mail.example.org for victim.test']);
  });

  it('follows them when the certificate is good for the domain itself', async () => {
    await using server = await exampleServer('starttls');
    await using dns = await dnsServer({
      '_submission._tcp.smtp.example.org': { SRV: ['0 0 587 mx.hoster.test'] },
    });
    const found = await discover('ann@smtp.example.org', {
      ...network({ 'mx.hoster.test:587': server.port }),
      dnsServers: [dns.address],
    });
    expect({ ...found }).toEqual({
      host: 'mx.hoster.test',
      port: 587,
      security: 'starttls',
      tls: { servername: 'smtp.example.org' },
    });
  });

  it('says so when the records say that there is none', async () => {
    await using dns = await dnsServer({
      '_submissions._tcp.example.org': { SRV: ['0 0 0 .'] },
      '_submission._tcp.example.org': { SRV: ['0 0 0 .'] },
    });
    const options = { ...network({}), dnsServers: [dns.address] };
    const error = await failure(discover('example.org', options));
    expect(error.message).toContain(
      'The SRV records of example.org say that it has no such server. ',
    );
  });

  it('knows the host of a domain by its mail exchanger', async () => {
    await using dns = await dnsServer({
      'company.test': { MX: ['20 backup.company.test', '10 ASPMX.L.Google.com'] },
    });
    const options = { ...network({}), dnsServers: [dns.address] };
    const found = await discover('ann@company.test', options);
    expect(found).toMatchObject({ host: 'smtp.gmail.com', source: 'mx', provider: 'gmail' });
    const error = await failure(discover('ann@company.test', { ...options, mx: false }));
    expect(error.code).toBe('DISCOVERY_FAILED');
    expect(dns.questions).toContain('MX company.test');
  });

  it('asks for the mail exchanger although the questions for SRV records get no answer', async () => {
    await using dns = await dnsServer({ 'company.test': { MX: ['10 mx.zoho.eu'] } }, ['MX']);
    const options = { ...network({}), dnsServers: [dns.address], timeoutsMs: { dns: 100 } };
    const found = await discover('ann@company.test', options);
    expect(found).toMatchObject({ host: 'smtppro.zoho.eu', source: 'mx' });
  });

  it('says so when there is no name server, or it can not answer', async () => {
    const nobody = createSocket('udp4');
    await new Promise<void>((resolve) => nobody.bind(0, '127.0.0.1', resolve));
    const { port } = nobody.address();
    await new Promise<void>((resolve) => nobody.close(resolve));
    const options = { ...network({}), dnsServers: [`127.0.0.1:${port}`] };
    const error = await failure(discover('ann@company.test', options));
    expect(error.message).toContain(
      "The name server gave no answer about '_submissions._tcp.company.test' (ECONNREFUSED); check the name server of this machine. The name server gave no answer about 'company.test' (ECONNREFUSED)",
    );
  });

  it('tries the usual names and ports when nobody knows', async () => {
    await using server = await exampleServer('starttls');
    await using dns = await dnsServer({});
    const tried: string[] = [];
    const options = {
      ...network({ 'smtp.example.org:587': server.port }, tried),
      dnsServers: [dns.address],
    };
    // The name exists, the first port does not answer.
    options.connect = ({ host, port }) => {
      tried.push(`${host}:${port}`);
      if (`${host}:${port}` === 'smtp.example.org:587') return connect(server.port, '127.0.0.1');
      const code = host === 'smtp.example.org' ? 'ECONNREFUSED' : 'ENOTFOUND';
      throw Object.assign(new Error(code), { code });
    };
    const found = await discover('ann@example.org', options);
    expect({ ...found }).toEqual({ host: 'smtp.example.org', port: 587, security: 'starttls' });
    expect(found.source).toBe('probe');
    expect(tried).toEqual(['smtp.example.org:465', 'smtp.example.org:587']);
  });

  it('goes on when no name server answers, in time', async () => {
    await using server = await exampleServer();
    await using dns = await dnsServer({}, []);
    const found = await discover('smtp.example.org', {
      ...network({ 'smtp.example.org:465': server.port }),
      dnsServers: [dns.address],
      timeoutsMs: { dns: 200 },
    });
    expect(found).toMatchObject({ host: 'smtp.example.org', port: 465, source: 'probe' });
  });

  it('asks nobody about loopback, addresses and names of the own network', async () => {
    await using server = await scriptedServer();
    const tried: string[] = [];
    const options = network({ '127.0.0.1:25': server.port }, tried, 'ECONNREFUSED');
    const found = await discover('127.0.0.1', options);
    expect({ ...found }).toEqual({ host: '127.0.0.1', port: 25, security: 'none' });
    expect(tried.every((each) => each.startsWith('127.0.0.1:'))).toBe(true);
  });

  it.each(['', '@example.com', 'smtp://example.com', 'a b@c d', '.', 'ann@'])(
    'refuses %j',
    async (target) => {
      const error = await failure(discover(target));
      expect(error).toMatchObject({ name: 'OptionError', option: 'target' });
      expect(error.message).toMatch(
        /^discover\(\) takes an address, a domain, a host or the name of a service, such as 'ann@example\.com' or 'gmail', got /,
      );
    },
  );

  it('refuses options it does not have, and servers that are none', async () => {
    const error = await failure(discover('example.org', { nonsense: 1 } as DiscoverOptions));
    expect(error).toMatchObject({ name: 'OptionError', option: 'nonsense' });
    expect(error.message).toBe(
      "There is no option 'nonsense' of discover(); the options are security, srv, mx, autoconfig, confirmHost, dnsServers, signal, tls, connect, proxy, localAddress, clientName, timeoutsMs, onEvent",
    );
    // A search logs in nowhere.
    const login = { ...network({}), username: 'ann', password: 'sesame' };
    expect(await failure(discover('example.org', login))).toMatchObject({ option: 'username' });
    const servers = await failure(discover('example.org', { dnsServers: ['nowhere'] }));
    expect(servers.message).toBe(
      "Option 'dnsServers' must be a list of IP addresses, each with or without a port",
    );
  });

  it('ends with the signal', async () => {
    await using dns = await dnsServer({}, []);
    const signal = AbortSignal.timeout(50);
    const options = { ...network({}), dnsServers: [dns.address], signal };
    expect((await failure(discover('example.org', options))).code).toBe('ABORTED');
    expect((await failure(discover('example.org', options))).code).toBe('ABORTED');
  });
});

const document = (...servers: string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="example.org">
  <domain>example.org</domain>
  <incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port>
    <socketType>SSL</socketType></incomingServer>
  ${servers.join('\n')}
</emailProvider></clientConfig>`;

const server = (
  host: string,
  port: number,
  socketType: string,
  username = '%EMAILADDRESS%',
): string =>
  `<outgoingServer type="smtp"><hostname>${host}</hostname><port>${port}</port>
   <socketType>${socketType}</socketType><username>${username}</username>
   <authentication>password-cleartext</authentication></outgoingServer>`;

/** A web server for mail.example.org. */
async function webServer(
  pages: Record<string, string | { location: string }>,
): Promise<AsyncDisposable & { readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const credentials = { cert: fixture('wrong-name'), key: fixture('wrong-name.key') };
  const web: Server = createServer(credentials, (request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    const page = pages[(request.url ?? '').split('?')[0] ?? ''];
    if (page === undefined) response.writeHead(404).end('no');
    else if (typeof page === 'string') response.end(page);
    else response.writeHead(302, page).end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  return {
    port: (web.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        web.close(() => resolve());
        web.closeAllConnections();
      }),
  };
}

describe('autoconfig', () => {
  const place = '/.well-known/autoconfig/mail/config-v1.1.xml';

  it('is asked for on request only, over https, and names the server and the user', async () => {
    await using mail = await exampleServer();
    const text = document(
      server('mail.example.org', 25, 'plain'),
      server('smtp.example.org', 465, 'SSL', '%EMAILLOCALPART%'),
    );
    await using web = await webServer({ [place]: text });
    await using dns = await dnsServer({});
    const options = {
      ...network({ 'mail.example.org:443': web.port, 'smtp.example.org:465': mail.port }),
      dnsServers: [dns.address],
    };
    const found = await discover('ann@mail.example.org', { ...options, autoconfig: true });
    expect({ ...found }).toEqual({ host: 'smtp.example.org', port: 465, security: 'implicit' });
    expect(found).toMatchObject({ source: 'autoconfig', suggestedUsername: 'ann' });
    expect(web.asked).toEqual([`mail.example.org${place}?emailaddress=ann%40mail.example.org`]);
    await failure(discover('ann@mail.example.org', options));
    expect(web.asked.length).toBe(1);
  });

  it('is followed within the site, and to no other', async () => {
    await using mail = await exampleServer();
    const text = document(server('smtp.example.org', 465, 'SSL'));
    await using web = await webServer({
      [place]: { location: '/moved.xml' },
      '/moved.xml': text,
    });
    await using dns = await dnsServer({});
    const at = { 'mail.example.org:443': web.port, 'smtp.example.org:465': mail.port };
    const options = { ...network(at), dnsServers: [dns.address], autoconfig: true };
    expect((await discover('mail.example.org', options)).source).toBe('autoconfig');
    for (const location of [
      'https://smtp.example.org/evil.xml',
      'http://mail.example.org/evil.xml',
      'https://mail.example.org:444/evil.xml',
    ]) {
      await using evil = await webServer({ [place]: { location } });
      const map = { 'mail.example.org:443': evil.port, 'smtp.example.org:443': evil.port };
      const error = await failure(discover('mail.example.org', { ...options, ...network(map) }));
      expect(error.message).toContain(
        'https://mail.example.org sends us to another site; only the domain itself may say where its mail goes',
      );
      expect(evil.asked.length).toBe(1);
    }
    await using endless = await webServer({ [place]: { location: place } });
    const map = { 'mail.example.org:443': endless.port };
    const error = await failure(discover('mail.example.org', { ...options, ...network(map) }));
    expect(error.message).toContain('https://mail.example.org sends us from one place to the next');
    expect(endless.asked.length).toBe(4);
  });

  it('is not believed when the certificate is for somebody else', async () => {
    await using web = await webServer({
      [place]: document(server('smtp.example.org', 465, 'SSL')),
    });
    await using dns = await dnsServer({});
    const options = {
      ...network({ 'other.test:443': web.port }),
      dnsServers: [dns.address],
      autoconfig: true,
    };
    const error = await failure(discover('other.test', options));
    expect(error.message).toContain(
      "The certificate of other.test:443 is for 'mail.example.org', 'smtp.example.org', not for 'other.test'",
    );
    expect(web.asked).toEqual([]);
  });

  it('may be 64 KiB long and no longer', async () => {
    await using web = await webServer({ [place]: 'x'.repeat(65_537) });
    await using dns = await dnsServer({});
    const options = {
      ...network({ 'mail.example.org:443': web.port }),
      dnsServers: [dns.address],
      autoconfig: true,
    };
    const error = await failure(discover('mail.example.org', options));
    expect(error.message).toContain(
      "The document of https://mail.example.org is over the limit 'autoconfigBytes' of 65536",
    );
  });

  const read = (text: string): ReturnType<typeof readAutoconfig> =>
    readAutoconfig(Buffer.from(text));

  it('is read for what it says about sending, in its order', async () => {
    const text = document(
      server('<![CDATA[a.example.org]]>', 465, 'SSL'),
      server('b&amp;.example.org', 587, 'STARTTLS', '%EMAILLOCALPART%'),
      server('bad-port.example.org', 0, 'SSL'),
      server('bad-mode.example.org', 25, 'TLSv9'),
      '<outgoingServer type="jmap"><hostname>c.example.org</hostname></outgoingServer>',
      '<outgoingServer type="smtp"><hostname> d.example.org </hostname><hostname>evil</hostname><port>25</port><socketType>plain</socketType></outgoingServer>',
    );
    expect(await read(text)).toEqual([
      { host: 'a.example.org', port: 465, security: 'implicit', username: '%EMAILADDRESS%' },
      { host: 'b&.example.org', port: 587, security: 'starttls', username: '%EMAILLOCALPART%' },
      { host: 'd.example.org', port: 25, security: 'none', username: undefined },
    ]);
    expect(await read('<clientConfig/>')).toEqual([]);
  });

  it.each([
    [
      '<!DOCTYPE x [<!ENTITY a "b">]><clientConfig>&a;</clientConfig>',
      'it has a document type declaration',
    ],
    [
      '<!DOCTYPE clientConfig SYSTEM "http://evil.test/x"><clientConfig/>',
      'it has a document type',
    ],
    ['<clientConfig>&unknown;</clientConfig>', 'undefined entity'],
    ['<clientConfig>', 'unclosed tag'],
    ['no xml at all', 'text data outside of root node'],
    ['', 'document must contain a root element'],
  ])('is refused when it is %j', async (text, why) => {
    const error = await failure(read(text));
    expect(error).toMatchObject({
      name: 'FormatError',
      code: 'FORMAT_INVALID',
      format: 'autoconfig',
    });
    expect(error.message).toContain("The autoconfig document can't be read: ");
    expect(error.message).toContain(why);
  });

  it('is refused past its limits, and when it is not UTF-8', async () => {
    const deep = await failure(read('<a>'.repeat(21)));
    expect(deep).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'autoconfigDepth' });
    const one =
      '<outgoingServer type="smtp"><hostname>a</hostname><port>1</port><socketType>SSL</socketType></outgoingServer>';
    const many = await failure(read(document(one.repeat(51))));
    expect(many).toMatchObject({ limit: 'autoconfigServers' });
    const latin = await failure(readAutoconfig(Buffer.from('<a>\xe4</a>', 'latin1')));
    expect(latin.message).toContain('it is not UTF-8');
  });

  it('never does anything but answer or refuse', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '<',
            '>',
            '</',
            'a',
            '&',
            ';',
            '#',
            '![CDATA[',
            ']]>',
            '"',
            '=',
            ' ',
            '<?',
            '?>',
            '<!--',
            '\0',
            'é',
          ),
        ),
        async (pieces) => {
          const text = `<clientConfig>${pieces.join('')}</clientConfig>`;
          const result = await read(text).catch((error: { name: string }) => error.name);
          expect(typeof result === 'string' ? result : 'read').toMatch(
            /^(?:read|FormatError|LimitError)$/,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the order of SRV records', () => {
  const record = (
    target: string,
    priority: number,
    weight = 0,
  ): Parameters<typeof orderServers>[0][0] => ({
    target,
    priority,
    weight,
    port: 1,
  });
  const names = (...lists: Parameters<typeof orderServers>): string[] =>
    orderServers(...lists).map(({ target, security }) => `${target} ${security}`);

  it('is by priority, then TLS from the first byte first', () => {
    expect(
      names([record('a', 10), record('b', 20)], [record('c', 10), record('d', 0), record('', 0)]),
    ).toEqual(['d starttls', 'a implicit', 'c starttls', 'b implicit']);
  });

  it('is by chance in proportion to the weights', () => {
    const draws = [0.05, 0.5, 0.95].map(
      (ticket) =>
        names([record('a', 0, 10), record('b', 0, 30), record('c', 0, 60)], [], () => ticket)[0],
    );
    expect(draws).toEqual(['a implicit', 'c implicit', 'c implicit']);
    expect(names([record('z', 0, 0), record('w', 0, 5)], [], () => 0)[0]).toBe('z implicit');
  });

  it('loses nobody', () => {
    const records = fc.array(
      fc.record({
        target: fc.constantFrom('a', 'b', 'c', ''),
        priority: fc.nat(3),
        weight: fc.nat(65_535),
        port: fc.constant(1),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(records, records, (implicit, starttls) => {
        const real = [...implicit, ...starttls].filter(({ target }) => target !== '');
        const ordered = orderServers(implicit, starttls);
        expect(ordered.map(({ target }) => target).toSorted()).toEqual(
          real.map(({ target }) => target).toSorted(),
        );
        const priorities = ordered.map(({ priority }) => priority);
        expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
});
