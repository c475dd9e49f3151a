/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
import{a as $,b as r,d as o,e as g,f as c,g as h,i as u,j as _,n as f,r as m,t as w,u as y,w as v}from"./chunk-MOCAT5KH.js";import{a as d}from"./chunk-YLCQAMB4.js";function b(e,n){if(e.valid)return n("verified_batch",{batch:e.batch});let t=e.recorded&&(e.proved||!e.free);return n(t&&!e.stands?"verified_not_final":"verified_chain_not",{batch:e.batch})}var k=8,C=864e5,R=1e18,l=class extends g{constructor(){super(...arguments);this.dark=!1;this.results=new Map;this.all=!1}static{this.styles=[w,y,$`:host{display:block;}code{font-size:12px;color:var(--cw-quiet);}.result{display:inline-flex;align-items:center;gap:6px;min-height:44px;padding:0 8px;font-size:14px;font-weight:500;}.good,.good .icon{color:var(--cw-accent);}.bad{color:var(--error-color, #b3261e);}.chain{margin:24px 0 4px;}.title{font-size:14px;line-height:20px;overflow-wrap:anywhere;}`]}render(){let t=this.context;if(!t)return o;let s=t.s.proof.certificates,{chain:i}=t.s;if(s.length===0)return r`<p class="empty">${t.t("certificates_none")}</p>${i?x(t,i):o}`;let a=this.all?s:s.slice(0,k);return r`<ul class="rows" data-test="certificates">
${a.map(p=>this.row(t,p))}
</ul>
${a.length<s.length?r`<button class="plain" @click=${()=>this.all=!0}>${t.t("rest_homes",{count:s.length-a.length})}</button>`:o}
${i?x(t,i):o}`}row(t,s){let i=s.mine?"certificate_mine":"certificate_theirs",a=s.mine?m(t,s.producer):m(t,s.holder),p=[f(t.t,"source",s.source),...s.stored?[t.t("certificate_stored")]:[]].join(", ");return r`<li>
${v("certificate")}
<div class="grow">
<div class="title"><span class="num">${_(t.f.energy(s.energy_wh))}</span> ${p} · ${a}</div>
<div class="small quiet">
<span class="num">${t.f.moment(s.start,t.s.now.at)}</span> · ${t.t(i)} ·
${f(t.t,"certificate",s.state)} · <code>${s.id.slice(0,8)}</code>
</div>
</div>
${this.check(t,s)}
</li>`}check(t,s){let i=this.results.get(s.id);if(i)return r`<span class="result ${i.valid?"good":"bad"}" role="status">${i.valid?v("check",20):o}${i.said}</span>`;let a=`${t.t("verify")} ${s.id.slice(0,8)}`;return r`<button aria-label=${a} @click=${()=>this.verify(t,s)}>${t.t("verify")}</button>`}async verify(t,s){let i=await T(t,s).catch(a=>({valid:!1,said:u(t.t,a)}));this.results=new Map(this.results).set(s.id,i)}};d([c({attribute:!1})],l.prototype,"context",2),d([c({type:Boolean,reflect:!0})],l.prototype,"dark",2),d([h()],l.prototype,"results",2),d([h()],l.prototype,"all",2);async function T(e,n){let t=await e.act.verify(n);if(!t.valid||t.certificate.id!==n.id)return{valid:!1,said:e.t("verify_failed")};if(!e.s.chain)return{valid:!0,said:e.t("verified")};let s=await e.act.verifyOnChain(n).then(i=>b(i,e.t),i=>i.code==="certificate_unknown"?e.t("verified_not_yet"):u(e.t,i));return{valid:!0,said:`${e.t("verified")} · ${s}`}}function x(e,n){let t=(i,a)=>r`<li><span class="grow">${i}</span><span class="num">${a}</span></li>`,s=Number(n.gas_wei)/R;return r`<div class="head chain"><h2>${e.t("chain")}</h2><span class="small quiet"><code>${n.account.slice(0,8)}…</code></span></div>
<ul class="rows" data-test="chain">
${t(e.t("chain_credit"),e.f.money(n.credit_nano))}
${t(e.t("chain_pending"),e.f.money(n.pending_nano))}
${t(e.t("chain_until"),n.day==null?e.t(n.waits?"chain_waits":"chain_none"):e.t("chain_batch",{date:e.f.date((n.day+.5)*C),batch:n.batch??""}))}
${t(e.t("chain_gas"),`${e.f.number(s,5)} ${n.coin}`)}
</ul>`}export{l as CommonWattCertificates};
